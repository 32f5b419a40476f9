from . import data as data
from . import plots as plots
from .doctor import examine as examine
from .fitting import CurveFit as CurveFit
from .formula import Formula as Formula
from .formula import FormulaError as FormulaError
from .lessons.code_judges import Array as Array
from .lessons.code_judges import Function as Function
from .lessons.course_map import CourseMap as CourseMap
from .lessons.judges import Choice as Choice
from .lessons.judges import Expression as Expression
from .lessons.judges import Number as Number
from .lessons.lesson import Lesson as Lesson
from .lessons.lesson import lesson as lesson
from .lessons.progress import Progress as Progress
from .lessons.questions import Check as Check
from .lessons.questions import Predict as Predict
from .widgets.degree_explorer import DegreeExplorer as DegreeExplorer
from .widgets.explorer import Explorer as Explorer
from .widgets.quadratic_fitter import QuadraticFitter as QuadraticFitter
from .widgets.search_cost import SearchCost as SearchCost

__version__: str
