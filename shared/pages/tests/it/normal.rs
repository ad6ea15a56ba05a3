//! HTML in a form in which two pages that a browser shows alike are alike: characters for entities, one blank for many, none between blocks,
//! and assets without the hash of their version.

use pages::Assets;

/// Between these a blank can be seen.
const INLINE: &[&str] = &["a", "span", "strong", "s", "kbd", "code", "em"];
/// What only a served page has: the samples show what this script puts in, and nobody installs them.
const ONLY_SERVED: [&str; 2] =
    [r#"<script type="module" src="/static/js/app.js"></script>"#, r#"<link rel="manifest" href="/manifest.webmanifest">"#];

/// A tag, or text.
#[derive(Debug, PartialEq)]
enum Token {
    Tag(String),
    Text(String),
}

fn tokens(html: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = html;
    while !rest.is_empty() {
        let (token, after) = match rest.strip_prefix('<') {
            Some(tag) => {
                let end = tag.find('>').expect("a tag ends") + 1;
                (Token::Tag(format!("<{}", tag[..end].split_whitespace().collect::<Vec<_>>().join(" "))), &tag[end..])
            }
            None => {
                let end = rest.find('<').unwrap_or(rest.len());
                (Token::Text(rest[..end].to_owned()), &rest[end..])
            }
        };
        tokens.push(token);
        rest = after;
    }
    tokens
}

fn is_block(token: Option<&Token>) -> bool {
    match token {
        Some(Token::Tag(tag)) => {
            let name: String = tag.trim_start_matches(['<', '/']).chars().take_while(char::is_ascii_alphanumeric).collect();
            !INLINE.contains(&name.as_str())
        }
        Some(Token::Text(_)) => false,
        None => true,
    }
}

fn characters(text: &str) -> String {
    ["&#38;|&", "&amp;|&", "&#60;|<", "&lt;|<", "&#62;|>", "&gt;|>", "&#34;|\"", "&quot;|\"", "&#39;|'"].iter().fold(
        text.to_owned(),
        |text, pair| {
            let (entity, character) = pair.split_once('|').expect("a pair");
            text.replace(entity, character)
        },
    )
}

/// One line a tag or text.
pub fn normal(html: &str) -> String {
    let folder = format!("{}/", Assets::built_in().folder());
    let html = html.replace(&folder, "/static/").replace("/static/vendor/nl-design-system/", "/static/");
    let html = ONLY_SERVED.into_iter().fold(html, |html, served| html.replace(served, ""));
    let tokens = tokens(&html);
    let mut lines = Vec::new();
    for (n, token) in tokens.iter().enumerate() {
        match token {
            Token::Tag(tag) => lines.push(characters(tag)),
            Token::Text(text) => {
                let one_blank = text.split_whitespace().collect::<Vec<_>>().join(" ");
                let before = text.starts_with(char::is_whitespace) && !is_block(n.checked_sub(1).map(|n| &tokens[n]));
                let after = text.ends_with(char::is_whitespace) && !is_block(tokens.get(n + 1));
                let words = match (one_blank.is_empty(), before, after) {
                    (true, true, true) => " ".to_owned(),
                    (true, ..) => String::new(),
                    (false, ..) => format!("{}{one_blank}{}", if before { " " } else { "" }, if after { " " } else { "" }),
                };
                if !words.is_empty() {
                    lines.push(characters(&words));
                }
            }
        }
    }
    lines.join("\n")
}

/// What can be read: the texts, and the words in attributes.
pub fn readable(html: &str) -> Vec<String> {
    const WORDS: &[&str] = &["aria-label=\"", "placeholder=\"", "data-found=\"", "data-found-none=\""];
    let mut found = Vec::new();
    for token in tokens(html) {
        match token {
            Token::Text(text) => found.push(characters(text.trim())),
            Token::Tag(tag) => {
                for key in WORDS {
                    if let Some((_, value)) = tag.split_once(key) {
                        found.push(characters(value.split('"').next().expect("a value")));
                    }
                }
            }
        }
    }
    found.retain(|text| !text.is_empty());
    found
}

/// Every tag.
pub fn tags(html: &str) -> Vec<String> {
    let tags = tokens(html).into_iter().filter_map(|token| if let Token::Tag(tag) = token { Some(tag) } else { None });
    tags.collect()
}
