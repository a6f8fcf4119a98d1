//! What the lines of a session file tell, one after another.

use std::path::{Path, PathBuf};

use serde_json::value::RawValue;

use super::answer::{self, Fallback};
use super::line::{Answer, Attachment, Block, Input, Line, Outcome, Part, Said};
use super::memory::{Call, Memory, StoredTurn};
use super::text::Text;
use super::tool::Tool;
use super::{command, edit, hook};
use crate::provenance::{
    Action, AgentEvent, ApprovedBy, CallId, ModelName, PromptId, SessionId, Subagent, Turn,
};

/// A shorter prompt holds no plan, in bytes.
const SHORTEST_PLAN: usize = 60;

/// A line that is no JSON, or not of the shape that its kind has.
#[derive(Debug)]
pub(super) struct Broken;

/// Reads lines and collects the events.
pub(super) struct Teller {
    session_file: PathBuf,
    /// The session that the file is named after.
    named_after: String,
    subagent: Option<Subagent>,
    memory: Memory,
    events: Vec<AgentEvent>,
}

/// What an event says beyond its line.
#[derive(Default)]
struct Told {
    call: Option<String>,
    turn: Option<Turn>,
    prompt: Option<String>,
    in_plan_mode: bool,
}

impl Teller {
    pub(super) fn new(path: &Path, subagent: Option<(PathBuf, Subagent)>, memory: Memory) -> Self {
        let (session_file, subagent) = match subagent {
            Some((session_file, subagent)) => (session_file, Some(subagent)),
            None => (path.to_owned(), None),
        };
        let stem = session_file.file_stem().unwrap_or_default();
        let named_after = stem.to_string_lossy().into_owned();
        Self { session_file, named_after, subagent, memory, events: Vec::new() }
    }

    /// Returns the events, and what must be known for the next part.
    pub(super) fn finish(self) -> (Vec<AgentEvent>, Memory) {
        (self.events, self.memory)
    }

    /// Reads one line.
    pub(super) fn read(&mut self, line: &[u8]) -> Result<(), Broken> {
        if line.iter().all(u8::is_ascii_whitespace) {
            return Ok(());
        }
        if !line.starts_with(b"{") || !line.trim_ascii_end().ends_with(b"}") {
            return Err(Broken);
        }
        if !self.may_matter(line) {
            return Ok(());
        }
        let text = std::str::from_utf8(line).map_err(|_| Broken)?;
        let line: Line<'_> = serde_json::from_str(text).map_err(|_| Broken)?;
        if line.timestamp.is_none() {
            return Ok(());
        }
        self.started(&line);
        match line.kind.as_str() {
            "assistant" => self.answered(&line),
            "user" => self.said(&line),
            "attachment" => self.attached(&line),
            "system" => {
                if let Some(fallback) = Fallback::read(&line) {
                    self.memory.fallback = Some(fallback);
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Tells most lines that say nothing, and the results of tools that only read, without parsing them.
    fn may_matter(&self, line: &[u8]) -> bool {
        let has = |word: &[u8]| memchr::memmem::find(line, word).is_some();
        if has(br#""type":"assistant""#) {
            return true;
        }
        if has(br#""type":"user""#) {
            return !has(br#""type":"tool_result""#) || self.awaits(line);
        }
        has(br#""type":"plan_mode"#) || has(br#""subtype":"model_"#)
    }

    /// Says whether a line has the result of a call that is waited for.
    fn awaits(&self, line: &[u8]) -> bool {
        const NAME: &[u8] = br#""tool_use_id":""#;
        memchr::memmem::find_iter(line, NAME).any(|start| {
            let rest = &line[start + NAME.len()..];
            let end = memchr::memchr(b'"', rest).unwrap_or(rest.len());
            self.memory.expects(&rest[..end])
        })
    }

    fn started(&mut self, line: &Line<'_>) {
        if self.memory.session.is_some() {
            return;
        }
        self.memory.session = Some(line.session_id.clone().unwrap_or(self.named_after.clone()));
        if self.subagent.is_none() {
            self.tell(line, Told::default(), Action::Started);
        }
    }

    fn tell(&mut self, line: &Line<'_>, told: Told, action: Action) {
        let Some(at) = line.timestamp else { return };
        let session = line.session_id.as_ref().or(self.memory.session.as_ref());
        self.events.push(AgentEvent {
            session: SessionId(session.unwrap_or(&self.named_after).clone()),
            session_file: Some(self.session_file.clone()),
            at,
            folder: line.cwd.as_ref().map(PathBuf::from),
            prompt: told.prompt.map(PromptId),
            subagent: self.subagent.clone(),
            call: told.call.map(CallId),
            turn: told.turn,
            in_plan_mode: told.in_plan_mode,
            action,
        });
    }

    /// Returns what an event of this moment says.
    fn now(&self) -> Told {
        Told {
            prompt: self.memory.prompt.clone(),
            in_plan_mode: self.memory.plans,
            ..Told::default()
        }
    }

    fn answered(&mut self, line: &Line<'_>) -> Result<(), Broken> {
        let message = line.message.ok_or(Broken)?;
        let answer: Answer<'_> = serde_json::from_str(message.get()).map_err(|_| Broken)?;
        let fallback = self.memory.fallback.as_ref();
        let Some(turn) = answer::turn(line, &answer, fallback) else { return Ok(()) };
        if fallback.is_some_and(|fallback| !fallback.holds_for(turn.model.raw())) {
            self.memory.fallback = None;
        }
        if let Some(subagent) = &mut self.subagent
            && subagent.kind.is_empty()
            && let Some(kind) = &line.attribution_agent
        {
            subagent.kind.clone_from(kind);
        }
        if self.memory.answer.as_ref() != Some(&turn.answer) {
            self.memory.answer = Some(turn.answer.clone());
            self.memory.advice = 0;
            self.tell(line, Told { turn: Some(turn.clone()), ..self.now() }, Action::Answered);
        }
        self.ran(line, &turn);
        for block in &answer.content {
            match block.kind.as_str() {
                "tool_use" => self.called(line, &answer, block, &turn),
                "advisor_tool_result" => self.advised(line, &answer, block, &turn),
                _ => {}
            }
        }
        Ok(())
    }

    /// Notes that a skill or helper is at work, once under each prompt.
    fn ran(&mut self, line: &Line<'_>, turn: &Turn) {
        let kind = self.subagent.as_ref().map(|subagent| subagent.kind.clone());
        let command = self.memory.command.take();
        for what in [line.attribution_skill.clone(), kind, command].into_iter().flatten() {
            if !self.memory.ran.contains(&what) {
                self.memory.ran.push(what.clone());
                let told = Told { turn: Some(turn.clone()), ..self.now() };
                self.tell(line, told, Action::Ran { what });
            }
        }
    }

    fn called(&mut self, line: &Line<'_>, answer: &Answer<'_>, block: &Block<'_>, turn: &Turn) {
        let Some(tool) = block.name.as_deref().and_then(Tool::named) else { return };
        let Some(id) = block.id.clone() else { return };
        let input = match tool {
            Tool::Editor => Input::default(),
            _ => Input::read(block.input),
        };
        let is_kept = tool == Tool::Editor && self.subagent.is_some();
        let shell = input.shell_starts();
        let plan = input.plan.map(|plan| plan.0);
        let told = Told { call: Some(id.clone()), turn: Some(turn.clone()), ..self.now() };
        match tool {
            // A call in an answer that was refused half-way is not run, as a rule.
            Tool::Shell if answer.stop_reason.as_deref() != Some("refusal") => {
                self.tell(line, told, shell);
            }
            Tool::ExitPlanMode => {
                if let Some(text) = plan.clone() {
                    self.tell(line, told, Action::PlanShown { text });
                }
            }
            _ => {}
        }
        self.memory.expect(Call {
            id,
            tool,
            turn: StoredTurn::new(turn),
            prompt: self.memory.prompt.clone(),
            in_plan_mode: self.memory.plans,
            plan,
            helper: input.subagent_type,
            in_background: input.run_in_background == Some(true),
            input: block.input.filter(|_| is_kept).map(ToOwned::to_owned),
        });
    }

    fn advised(&mut self, line: &Line<'_>, answer: &Answer<'_>, block: &Block<'_>, turn: &Turn) {
        #[derive(serde::Deserialize)]
        struct Advice {
            #[serde(rename = "type")]
            kind: String,
        }
        let advice = block.content.map(|raw| serde_json::from_str::<Advice>(raw.get()));
        let Some(Ok(advice)) = advice else { return };
        if !matches!(advice.kind.as_str(), "advisor_result" | "advisor_redacted_result") {
            return;
        }
        let told = answer::adviser(&answer.usage, self.memory.advice).or_else(|| {
            let model = ModelName::parse(line.advisor_model.as_deref()?).ok()?;
            Some((model, crate::provenance::Tokens::default()))
        });
        self.memory.advice += 1;
        let Some((model, tokens)) = told else { return };
        let told = Told { call: block.tool_use_id.clone(), turn: Some(turn.clone()), ..self.now() };
        self.tell(line, told, Action::Advised { model, tokens });
    }

    fn said(&mut self, line: &Line<'_>) -> Result<(), Broken> {
        if let Some(prompt) = &line.prompt_id {
            self.memory.prompted(prompt);
        }
        let message = line.message.ok_or(Broken)?;
        let said: Said<'_> = serde_json::from_str(message.get()).map_err(|_| Broken)?;
        let content = said.content;
        if content.get().starts_with('[') {
            let parts: Vec<Part<'_>> = serde_json::from_str(content.get()).map_err(|_| Broken)?;
            let texts = parts.iter().filter_map(|part| Some(part.text.as_ref()?.0.as_str()));
            self.prompted(line, &texts.collect::<Vec<_>>().join("\n"));
            for part in parts.into_iter().filter(|part| part.kind == "tool_result") {
                let call = part.tool_use_id.as_deref().and_then(|id| self.memory.take(id));
                if let Some(call) = call {
                    self.came(line, call, &part);
                }
            }
            return Ok(());
        }
        let Ok(Text(text)) = serde_json::from_str(content.get()) else { return Ok(()) };
        if let Some(Text(plan)) = &line.plan_content {
            let told = self.now();
            let from = opened_from(line, &text, plan).map(SessionId);
            let by = self.typed_by(line);
            self.tell(line, told, Action::OpenedWithPlan { text: plan.clone(), from, by });
        } else {
            self.prompted(line, &text);
        }
        if line.is_meta == Some(true) || line.is_compact_summary == Some(true) {
            return Ok(());
        }
        match command::named(&text) {
            Some("model") => self.memory.fallback = None,
            command => self.memory.command = command.map(str::to_owned),
        }
        Ok(())
    }

    /// Tells a prompt that is long enough to hold a plan.
    fn prompted(&mut self, line: &Line<'_>, text: &str) {
        let is_own = self.subagent.is_none() && line.is_meta != Some(true);
        if is_own && line.is_compact_summary != Some(true) && text.len() >= SHORTEST_PLAN {
            let (text, by) = (text.to_owned(), self.typed_by(line));
            self.tell(line, self.now(), Action::Prompted { text, by });
        }
    }

    /// Says who typed a prompt: a person only in a terminal.
    fn typed_by(&self, line: &Line<'_>) -> ApprovedBy {
        // A program that drives the agent answers in the name of the user, too.
        let in_terminal = line.entrypoint.as_deref() == Some("cli") && self.subagent.is_none();
        if in_terminal { ApprovedBy::Person } else { ApprovedBy::Automation }
    }

    /// The result of a call came.
    fn came(&mut self, line: &Line<'_>, call: Call, part: &Part<'_>) {
        let is_error = part.is_error == Some(true);
        let is_refused = is_error && is_refused(line);
        let mut in_plan_mode = call.in_plan_mode;
        let action = match call.tool {
            Tool::Editor | Tool::EnterPlanMode | Tool::Agent if is_error => None,
            Tool::Editor => {
                let edit = match (line.tool_use_result, &call.input) {
                    (Some(result), _) => edit::read(result),
                    (None, Some(input)) => edit::read_input(input, part.content),
                    (None, None) => None,
                };
                edit.map(|edit| Action::Edited(vec![edit]))
            }
            Tool::Shell if is_refused => Some(Action::CallRefused),
            Tool::Shell => Some(Action::ShellEnded {
                in_background: !is_error
                    && line.tool_use_result.map_or(call.in_background, hook::in_background),
            }),
            Tool::ExitPlanMode if is_error => call.plan.map(|_| Action::PlanRefused),
            Tool::ExitPlanMode => {
                in_plan_mode = true;
                self.memory.plans = false;
                let text = Outcome::read(line.tool_use_result).plan.map(|plan| plan.0);
                let written = call.plan.filter(|written| Some(written) != text.as_ref());
                // Without a text in the result, what was shown is what was approved.
                let (text, written) = match text {
                    Some(text) => (Some(text), written),
                    None => (written, None),
                };
                let by = self.approved_by(line);
                text.map(|text| Action::PlanApproved { text, written, by })
            }
            Tool::EnterPlanMode => {
                in_plan_mode = true;
                self.memory.plans = true;
                Some(Action::PlanModeEntered)
            }
            Tool::Agent => {
                let outcome = Outcome::read(line.tool_use_result);
                let kind = outcome.agent_type.or(call.helper);
                let is_async = outcome.is_async.unwrap_or(call.in_background);
                kind.filter(|_| !is_async).map(|what| Action::Ran { what })
            }
        };
        let told =
            Told { call: Some(call.id), turn: call.turn.turn(), prompt: call.prompt, in_plan_mode };
        if let Some(action) = action {
            self.tell(line, told, action);
        }
    }

    /// Says who approved a plan: a person only where the line says that one was asked, in a terminal.
    fn approved_by(&self, line: &Line<'_>) -> ApprovedBy {
        let is_person = line.permission_decision.as_ref().is_some_and(|permission| {
            permission.decision.as_deref() == Some("accept")
                && permission.source.as_deref().is_some_and(|source| source.starts_with("user"))
        });
        if is_person { self.typed_by(line) } else { ApprovedBy::Automation }
    }

    fn attached(&mut self, line: &Line<'_>) -> Result<(), Broken> {
        let Some(Attachment { kind }) = &line.attachment else { return Err(Broken) };
        match kind.as_str() {
            "plan_mode" | "plan_mode_reentry" => {
                let was_planning = std::mem::replace(&mut self.memory.plans, true);
                if !was_planning && self.subagent.is_none() {
                    self.tell(line, self.now(), Action::PlanModeEntered);
                }
            }
            "plan_mode_exit" => self.memory.plans = false,
            _ => {}
        }
        Ok(())
    }
}

/// Says whether a call was not run because a person, a rule or the end of its answer forbade it.
fn is_refused(line: &Line<'_>) -> bool {
    line.tool_denial_kind.is_some()
        || line
            .permission_decision
            .as_ref()
            .is_some_and(|permission| permission.decision.as_deref() == Some("reject"))
        || line.tool_use_result.map(RawValue::get) == Some("\"User rejected tool use\"")
}

/// Returns the session that made the plan with which another opened.
///
/// The prompt ends with the plan, then the path of the old session's file, then what the person typed.
fn opened_from(line: &Line<'_>, prompt: &str, plan: &str) -> Option<String> {
    let after = prompt.find(plan).map_or(prompt, |start| &prompt[start + plan.len()..]);
    let path = after.find(".jsonl").map(|end| &after[..end]);
    let name = path.and_then(|path| path.rsplit(['/', '\\']).next());
    let is_id = |name: &&str| {
        name.len() >= 8 && name.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
    };
    let own = line.session_id.as_ref();
    // The first session of the process, which is the old one unless there was another between them.
    let first = line.first_session.as_ref();
    name.filter(is_id)
        .map(str::to_owned)
        .or_else(|| first.cloned())
        .filter(|session| Some(session) != own)
}
