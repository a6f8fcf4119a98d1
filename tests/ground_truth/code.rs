//! Code as people and models write it: much of it is common, some of it is not.

use crate::random::Random;

const VERBS: &[&str] = &[
    "load", "store", "parse", "render", "fetch", "merge", "close", "open", "check", "resolve",
    "encode", "decode", "append", "remove", "update", "validate", "schedule", "flush", "retry",
    "handle",
];
const NOUNS: &[&str] = &[
    "Config", "Session", "Token", "Record", "Header", "Invoice", "Customer", "Buffer", "Segment",
    "Cursor", "Ticket", "Account", "Message", "Channel", "Policy", "Report", "Region", "Worker",
    "Snapshot", "Quota",
];
const SHORT: &[&str] =
    &["id", "key", "n", "item", "value", "ctx", "opts", "name", "count", "limit"];
const COMMON: &[&str] = &[
    "return err;",
    "return nil;",
    "continue;",
    "break;",
    "count++;",
    "defer mu.Unlock();",
    "mu.Lock();",
    "ok = true;",
    "return false;",
    "i += 1;",
];

/// Writes one language, with one step of indentation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Code {
    pub indent: &'static str,
}

impl Code {
    fn verb(random: &mut Random) -> &'static str {
        random.pick(VERBS)
    }

    fn noun(random: &mut Random) -> &'static str {
        random.pick(NOUNS)
    }

    fn name(random: &mut Random) -> String {
        format!("{}{}", Self::verb(random), Self::noun(random))
    }

    fn lower(random: &mut Random) -> String {
        let noun = Self::noun(random).to_lowercase();
        if random.percent(30) { format!("{noun}{}", random.below(40)) } else { noun }
    }

    /// Returns one statement, or a few that belong together, at this depth.
    pub(crate) fn statement(self, random: &mut Random, depth: usize) -> Vec<String> {
        let pad = self.indent.repeat(depth);
        let (var, name) = (Self::lower(random), Self::name(random));
        let one = |text: String| vec![format!("{pad}{text}")];
        match random.below(12) {
            0 | 1 => one(random.pick(COMMON).to_owned()),
            2 => one(format!("{var} := {name}({}, {});", random.pick(SHORT), random.pick(SHORT))),
            3 => one(format!(
                "// {} the {} before the {}",
                Self::verb(random),
                var,
                Self::lower(random)
            )),
            4 => one(format!(
                "log.info(\"{} {} {}\", {var}, {});",
                Self::verb(random),
                Self::lower(random),
                random.below(900),
                random.pick(SHORT)
            )),
            5 => vec![
                format!("{pad}{var}, err := {name}({});", random.pick(SHORT)),
                format!("{pad}if err != nil {{"),
                format!("{pad}{}return err;", self.indent),
                format!("{pad}}}"),
            ],
            6 => vec![
                format!("{pad}for item in {var}s {{"),
                format!("{pad}{}{name}(item, {});", self.indent, random.pick(SHORT)),
                format!("{pad}}}"),
            ],
            7 => one(format!("{var}.{} = {};", random.pick(SHORT), random.below(2000))),
            8 => one(format!("{name}({var}, {}, {});", Self::lower(random), Self::lower(random))),
            9 => one(format!(
                "const {}_{} = {};",
                var.to_uppercase(),
                random.below(60),
                random.below(5000)
            )),
            10 => vec![
                format!("{pad}if {var}.{} > {} {{", random.pick(SHORT), random.below(64)),
                format!("{pad}{}{}", self.indent, random.pick(COMMON)),
                format!("{pad}}}"),
            ],
            _ => one(format!(
                "assert({var} != {}, \"{} {}\");",
                random.pick(SHORT),
                Self::verb(random),
                name
            )),
        }
    }

    /// Returns a whole function with an empty line after it.
    pub(crate) fn function(self, random: &mut Random) -> Vec<String> {
        let mut lines = Vec::new();
        if random.percent(40) {
            lines.push(format!(
                "// {} {} by its {}.",
                Self::verb(random),
                Self::lower(random),
                Self::lower(random)
            ));
        }
        let result = random.pick(&["error", "bool", "int"]);
        lines.push(format!(
            "func {}{}(ctx, {}) {result} {{",
            Self::name(random),
            random.below(100),
            Self::lower(random)
        ));
        for _ in 0..random.between(2, 6) {
            lines.extend(self.statement(random, 1));
        }
        lines.push(format!(
            "{}return {};",
            self.indent,
            random.pick(&["nil", "err", "result", "false"])
        ));
        lines.extend(["}".to_owned(), String::new()]);
        lines
    }

    /// Returns some lines to be put into a body.
    pub(crate) fn body(self, random: &mut Random, depth: usize) -> Vec<String> {
        (0..random.between(1, 3)).flat_map(|_| self.statement(random, depth)).collect()
    }
}

/// Changes a word of a line, so that more than white space and commas differs.
pub(crate) fn edited(random: &mut Random, line: &str) -> String {
    let words = line.split_inclusive(|c: char| !c.is_alphanumeric()).collect::<Vec<_>>();
    let long = (0..words.len())
        .filter(|at| words[*at].chars().filter(|c| c.is_alphanumeric()).count() > 2);
    let long = long.collect::<Vec<_>>();
    let new = format!("{}{}", Code::lower(random), random.below(1000));
    if long.is_empty() {
        return format!("{line} // {new}");
    }
    let chosen = random.pick(&long);
    let end = words[chosen].chars().last().filter(|c| !c.is_alphanumeric());
    let mut text = words.iter().take(chosen).copied().collect::<String>();
    text.push_str(&new);
    text.extend(end);
    text.extend(words[chosen + 1..].iter().copied());
    text
}
