/** The PDF reader's worker, from our own host. */

import "pdfjs-dist/build/pdf.worker.min.mjs";
