"""What stands on a PDF page, glyph by glyph: from pdfium, from pdfplumber, or from text recognition."""
