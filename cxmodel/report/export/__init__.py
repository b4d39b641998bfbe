"""Reports as files: HTML, PPTX, XLSX and ZIP, all from one account of a run."""
