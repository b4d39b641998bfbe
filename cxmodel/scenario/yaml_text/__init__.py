"""YAML as text: parsed, merged in layers, patched without touching another byte, written."""
