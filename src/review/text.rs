//! Text of changes and of answers, made fit to be shown and compared.

/// Says whether a character commands or hides something instead of showing it.
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}'
        )
}

/// Writes out the hidden characters of a line other than tabs, such as `\u{202e}`: whoever reads it sees what is there.
pub(super) fn visible(line: &str) -> String {
    if !line.contains(|c: char| is_hidden(c) && c != '\t') {
        return line.to_owned();
    }
    let mut text = String::with_capacity(line.len());
    for c in line.chars() {
        if is_hidden(c) && c != '\t' { text.extend(c.escape_unicode()) } else { text.push(c) }
    }
    text
}

/// Makes one line of what a model wrote, without hidden characters, and cuts it after so many characters.
pub(super) fn one_line(text: &str, longest: usize) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    cut(&words.replace(is_hidden, ""), longest)
}

/// Cleans what a model wrote, keeps its lines, and cuts it after so many characters.
pub(super) fn paragraph(text: &str, longest: usize) -> String {
    let lines = text.lines().map(|line| line.replace('\t', "    ").replace(is_hidden, ""));
    cut(lines.collect::<Vec<_>>().join("\n").trim_end(), longest)
}

fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some(_) => text.chars().take(longest.saturating_sub(1)).chain(['…']).collect(),
        None => text.to_owned(),
    }
}

/// Returns a line without its white space, so that lines which differ in nothing else compare as equal.
pub(super) fn squeezed(line: &str) -> String {
    line.chars().filter(|c| !c.is_whitespace() && !is_hidden(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_is_written_out_or_removed() {
        assert_eq!(visible("a\tb\u{202e}c\u{1b}[0m"), "a\tb\\u{202e}c\\u{1b}[0m");
        assert_eq!(one_line(" a\u{1b}[31m\n\u{200b}b ", 80), "a[31m b");
        assert_eq!(paragraph("a\r\n\tb\u{7}\n\n", 80), "a\n    b");
        assert_eq!(one_line("abcdef", 4), "abc…");
        assert_eq!(squeezed("  if (a  == b) {\t"), "if(a==b){");
    }
}
