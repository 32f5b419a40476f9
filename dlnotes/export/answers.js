// In an exported page: a number that the reader types, read and judged as `dlnotes.lessons.judges` does.

const FUNCTIONS = {
  sin: Math.sin, cos: Math.cos, tan: Math.tan, exp: Math.exp, log: Math.log, ln: Math.log, sqrt: Math.sqrt,
  abs: Math.abs, tanh: Math.tanh, sinh: Math.sinh, cosh: Math.cosh, log2: Math.log2, log10: Math.log10,
  arctan: Math.atan, atan: Math.atan, arcsin: Math.asin, asin: Math.asin, arccos: Math.acos, acos: Math.acos,
  floor: Math.floor, ceil: Math.ceil, sign: Math.sign, min: Math.min, max: Math.max,
  relu: (x) => Math.max(x, 0), sigmoid: (x) => 1 / (1 + Math.exp(-x)),
};
const CONSTANTS = { pi: Math.PI, π: Math.PI, e: Math.E };
const SEVERAL = ["min", "max"]; // these take two arguments or more, all others one
const MOST_EXPONENT = 100;
const MOST_DEEP = 30;
const TOKEN = /\s*(?:((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|([^\W\d]\w*|π)|(\*\*|[-+*/(),]))/uy;

// Arithmetic as a pocket calculator has it; throws where the text is none.
function calculated(text) {
  const tokens = [];
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim()) {
    const match = TOKEN.exec(text);
    if (!match) throw new SyntaxError(text);
    tokens.push({ number: match[1], name: match[2], sign: match[3] });
  }
  let at = 0;
  let deep = 0;
  const take = (...signs) => signs.includes(tokens[at]?.sign) && tokens[at++].sign;
  const need = (sign) => {
    if (!take(sign)) throw new SyntaxError(sign);
  };

  function sum() {
    let value = product();
    for (let sign; (sign = take("+", "-")); ) value = sign === "+" ? value + product() : value - product();
    return value;
  }
  function product() {
    let value = signed();
    for (let sign; (sign = take("*", "/")); ) value = sign === "*" ? value * signed() : value / signed();
    return value;
  }
  function signed() {
    if ((deep += 1) > MOST_DEEP) throw new SyntaxError("deep");
    const sign = take("+", "-");
    const value = sign ? (sign === "-" ? -signed() : signed()) : power();
    deep -= 1;
    return value;
  }
  function power() {
    const base = atom();
    if (!take("**")) return base;
    const exponent = signed();
    if (!(Math.abs(exponent) <= MOST_EXPONENT)) throw new SyntaxError("exponent");
    return base ** exponent;
  }
  function atom() {
    const { number, name } = tokens[at] ?? {};
    if (number) {
      at += 1;
      if (!Number.isFinite(Number(number))) throw new SyntaxError(number);
      return Number(number);
    }
    if (name && Object.hasOwn(CONSTANTS, name)) return tokens[at++] && CONSTANTS[name];
    if (name) {
      at += 1;
      need("(");
      const given = [sum()];
      while (take(",")) given.push(sum());
      need(")");
      const right = SEVERAL.includes(name) ? given.length > 1 : given.length === 1;
      if (!Object.hasOwn(FUNCTIONS, name) || !right) throw new SyntaxError(name);
      return FUNCTIONS[name](...given);
    }
    need("(");
    const value = sum();
    need(")");
    return value;
  }

  const value = sum();
  if (at < tokens.length) throw new SyntaxError(text);
  return value;
}

const THOUSANDS = /^[+-]?[1-9][0-9]{0,2}([ ,_'’])[0-9]{3}(\1[0-9]{3})*(\.[0-9]*)?$/;

function plain(text) {
  return text
    .replace(/[\uFF01-\uFF5E]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0xfee0))
    .replace(/[\u3000\u00A0\u2009\u202F\t]/g, " ")
    .replace(/[−–]/g, "-")
    .replace(/[×·⋅∙]/g, "*")
    .replace(/÷/g, "/");
}

// Like Python's "%.6g", and whole numbers as such.
function shortly(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return String(value + 0);
  const [digits, power] = value.toExponential(5).split("e");
  const trimmed = digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
  if (power >= -4 && power < 6) return String(Number(value.toPrecision(6)));
  return `${trimmed}e${power[0]}${power.slice(1).padStart(2, "0")}`;
}

// The verdict on a text: [state, sentence].
function judged(judge, given) {
  const say = judge.sentences;
  let text = plain(given).trim();
  if (judge.unit && text.endsWith(judge.unit)) text = text.slice(0, -judge.unit.length).trim();
  if (THOUSANDS.test(text)) text = text.replace(/[ ,_'’]/g, "");
  if (text.includes(",")) return ["unanswered", say.comma];
  let came;
  try {
    came = calculated(text);
  } catch {
    const place = text.indexOf("^");
    if (place < 0) return ["unanswered", say.number];
    return ["unanswered", say.power.replace("{position}", place + 1)];
  }
  const same = (wanted) => {
    const slack = Math.max(judge.tolerance, judge.relative * Math.abs(wanted), judge.rounding * (Math.abs(wanted) || 1));
    return Number.isFinite(came) && Math.abs(came - wanted) <= slack;
  };
  if (same(judge.solution)) return ["right", say.right];
  const known = judge.mistakes.find(([wrong]) => same(wrong));
  if (known) return ["wrong", known[1]];
  const wanted = judge.solution;
  const times = (factor) => {
    const ratio = came / wanted;
    return Math.abs(ratio - factor) <= 1e-6 * Math.max(Math.abs(ratio), Math.abs(factor));
  };
  let sentence = came < wanted ? say.small : say.large;
  if (!Number.isFinite(came)) sentence = say.infinite;
  else if (times(-1)) sentence = say.sign;
  else if ([0.1, 0.01, 0.001].some(times)) sentence = say.point_small;
  else if ([10, 100, 1000].some(times)) sentence = say.point_large;
  const words = shortly(came) === shortly(wanted) ? String(came) : shortly(came);
  return ["wrong", sentence.replace("{came}", words)];
}

function answered(store) {
  const listeners = new Set();
  let answer = store.answer;
  let says = "";
  let answers = null;
  return {
    words: store.words,
    title: store.title,
    kind: store.kind,
    controls: () => store.controls,
    frame: () => ({ values: { answer }, picture: "", says, error: null, answers }),
    send(message) {
      if (message.do === "set") [answer, says] = [message.value, ""];
      else if (answer.trim()) {
        const [state, sentence] = judged(store.judge, answer.trim());
        says = `${store.signs[state]} ${sentence}`;
        tally(store.counts, says);
      }
      queueMicrotask(() => {
        answers = [message.view, message.number]; // of several copies, each hears its own
        listeners.forEach((tell) => tell());
      });
    },
    listen(tell) {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
  };
}
