"""Arrays in, SVG text out. numpy only: a picture knows no layer and no widget."""
