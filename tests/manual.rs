//! The manual page and the help: made from the command line itself, and changed only on purpose.
//!
//! `UPDATE_EXPECT=1 cargo test --test manual` writes both anew.
#![expect(clippy::disallowed_types, reason = "a test starts `man` and `groff`")]
#![expect(clippy::format_push_string, reason = "a page is short, and so it reads as it prints")]

use std::path::Path;
use std::process::Command;

use clap_mangen::Man;
use expect_test::expect_file;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/git-model.1");

/// The sections that the command line does not know.
const TAIL: &str = include_str!("manual/tail.roff");

/// Returns the command line with the full name of every command.
fn command() -> clap::Command {
    let mut command = git_model::cli::command().term_width(80);
    command.build();
    command
}

/// Renders one part of a page, without the line that opens its section.
fn part(render: impl Fn(&mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut bytes = Vec::new();
    render(&mut bytes).expect("memory takes everything");
    let text = String::from_utf8(bytes).expect("help is UTF-8");
    let lines = text.lines().filter(|line| !line.starts_with(".SH") && !line.starts_with(".ie"));
    lines.filter(|line| !line.starts_with(".el")).flat_map(|line| [line, "\n"]).collect()
}

fn page() -> String {
    // What every command has is said once.
    let mut command = git_model::cli::command().mut_subcommands(|one| one.disable_help_flag(true));
    command.build();
    let version = command.get_version().expect("it has a version").to_owned();
    let man = Man::new(command.clone());
    let mut page = format!(
        ".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n.TH git-model 1 \"\" \"git-model {version}\" \"Git Manual\"\n"
    );
    let about = command.get_about().expect("it has one").to_string();
    page += &format!(".SH NAME\ngit\\-model \\- {about}\n");
    page += ".SH SYNOPSIS\n";
    for one in command.get_subcommands_mut() {
        let usage = one.render_usage().to_string();
        let usage = usage.strip_prefix("Usage: ").unwrap_or(&usage).replace('-', "\\-");
        page += &format!("\\fB{}\\fR\n.br\n", usage.replacen(" [", "\\fR [", 1));
    }
    page += &format!(".SH DESCRIPTION\n{}", part(|out| man.render_description_section(out)));
    page += &format!(".SH OPTIONS\n{}", part(|out| man.render_options_section(out)));
    page += ".SH COMMANDS\n";
    for one in command.get_subcommands() {
        let man = Man::new(one.clone());
        page += &format!(".SS \"git model {}\"\n", one.get_name());
        page += &part(|out| man.render_description_section(out));
        page += &part(|out| man.render_options_section(out));
        for inner in one.get_subcommands().filter(|inner| inner.get_name() != "help") {
            let man = Man::new(inner.clone());
            page += &format!(".SS \"git model {} {}\"\n", one.get_name(), inner.get_name());
            page += &part(|out| man.render_description_section(out));
            page += &part(|out| man.render_options_section(out));
        }
    }
    page + TAIL
}

fn help() -> String {
    let mut command = command();
    let mut text = String::new();
    let rule = "-".repeat(80);
    text += &format!("{rule}\ngit model -h\n{rule}\n{}\n", command.render_help());
    text += &format!("{rule}\ngit model --help\n{rule}\n{}\n", command.render_long_help());
    for one in command.get_subcommands_mut() {
        let name = one.get_name().to_owned();
        text += &format!("{rule}\ngit model {name} -h\n{rule}\n{}\n", one.render_help());
        text += &format!("{rule}\ngit model {name} --help\n{rule}\n{}\n", one.render_long_help());
        for inner in one.get_subcommands_mut().filter(|inner| inner.get_name() != "help") {
            let name = format!("{name} {}", inner.get_name());
            text +=
                &format!("{rule}\ngit model {name} --help\n{rule}\n{}\n", inner.render_long_help());
        }
    }
    text
}

#[test]
fn the_page_in_docs_is_made_from_the_command_line() {
    expect_file![PAGE].assert_eq(&page());
}

#[test]
fn the_whole_help_changes_only_on_purpose() {
    expect_file!["manual/help.txt"].assert_eq(&help());
}

#[test]
fn readers_of_manuals_accept_the_page() {
    for (program, arguments) in [
        ("man", ["--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z"].as_slice()),
        ("groff", &["-man", "-Tutf8", "-ww", "-z"]),
    ] {
        let output = Command::new(program).args(arguments).arg(Path::new(PAGE)).output();
        let Ok(output) = output else { continue }; // not installed here
        let complaints = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && complaints.is_empty(), "{program}: {complaints}");
    }
}
