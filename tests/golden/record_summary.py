"""Record what Keras prints as model summaries: `python tests/golden/record_summary.py` with keras==3.15.0 installed."""

import json
import os
from pathlib import Path

import keras
from cases_summary import CASES, OPTIONS

texts = {}
for name, make in CASES.items():
    keras.utils.clear_session()
    options = OPTIONS.get(name, {})
    os.environ["COLUMNS"] = "200" if "line_length" in options else "80"  # the terminal Keras believes to see
    lines: list[str] = []
    make(keras).summary(print_fn=lambda text, lines=lines, **_: lines.append(text), **options)
    texts[name] = "\n".join(lines)
folder = Path(__file__).parent
(folder / "summary.json").write_text(json.dumps(texts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
