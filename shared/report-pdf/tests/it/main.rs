//! The report as PDF.
