//! Scripts as they are sent: without comments and indentation, which are for who reads the source.
//!
//! Line by line, so that it cannot be wrong about what a comment is: one begins a line with `//`, or begins a line with `/**` and ends that line or
//! a later one with its own end sign. `tests/browser/lib/strip.mjs` is the same rule.

/// The script in fewer bytes.
pub(crate) fn stripped(script: &str) -> String {
    let (mut kept, mut inside) = (String::with_capacity(script.len()), false);
    for line in script.split('\n').map(str::trim) {
        let begins = !inside && line.starts_with("/**");
        let (holds_end, ends) = (line.contains("*/"), line.ends_with("*/"));
        let comment = inside || (begins && (ends || !holds_end)) || line.starts_with("//");
        if !comment && !line.is_empty() {
            kept.push_str(line);
            kept.push('\n');
        }
        inside = (inside || (begins && !holds_end)) && !ends;
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::stripped;

    #[test]
    fn comments_and_indentation_go_and_everything_else_stays() {
        let script = "/**\n * About.\n */\n\nimport { a } from './a.js';\n// One line.\n/** One line. */\nfunction b() {\n  return 'x // y /* z */';\n}\n";
        assert_eq!(stripped(script), "import { a } from './a.js';\nfunction b() {\nreturn 'x // y /* z */';\n}\n");
        assert_eq!(stripped("/** @type {x} */ const a = 1;"), "/** @type {x} */ const a = 1;\n", "what follows a comment is not lost");
        assert_eq!(stripped("const a = /** @type {x} */ (b);\n"), "const a = /** @type {x} */ (b);\n");
        assert_eq!(stripped(""), "");
    }
}
