//! The README's console blocks, run. `...` stands for any lines, `[..]` for any text in a line.

mod support;

use std::process::Command;

use support::Sandbox;

struct Story {
    command: String,
    code: i32,
    says: String,
}

/// `$ cargo gen-auth ..`, perhaps `? CODE`, then what is printed.
fn stories(readme: &str) -> Vec<Story> {
    let mut stories: Vec<Story> = Vec::new();
    for block in readme.split("```console\n").skip(1) {
        for line in block.split("```").next().unwrap_or_default().lines() {
            if let Some(command) = line.strip_prefix("$ ") {
                stories.push(Story { command: command.to_owned(), code: 0, says: String::new() });
            } else if let (Some(story), Some(code)) = (stories.last_mut(), line.strip_prefix("? ")) {
                story.code = code.parse().expect("an exit code");
            } else if let Some(story) = stories.last_mut() {
                story.says.push_str(line);
                story.says.push('\n');
            }
        }
    }
    stories
}

#[test]
fn the_console_blocks_are_true() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    let stories = stories(include_str!("../README.md"));
    assert!(stories.len() >= 6);
    for story in stories {
        let args: Vec<&str> = story.command.split(' ').skip(1).collect();
        assert_eq!(args[0], "gen-auth", "{}", story.command);
        // What a person sees: both streams in the order in which they are written.
        let mut shell = Command::new("sh");
        shell.current_dir(sandbox.path()).env("SOURCE_DATE_EPOCH", "1767225600");
        shell.args(["-c", "exec \"$@\" 2>&1", "sh", env!("CARGO_BIN_EXE_cargo-gen-auth")]).args(&args);
        let said = support::said(&shell.output().expect("sh starts"));
        assert_eq!(said.code, story.code, "{}\n{}", story.command, said.out);
        snapbox::assert_data_eq!(said.out, story.says);
    }
}
