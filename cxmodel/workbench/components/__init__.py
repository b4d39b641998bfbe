"""Parts that pages are made of: header, controls, forms, charts, YAML editor, uploads, run status, style."""
