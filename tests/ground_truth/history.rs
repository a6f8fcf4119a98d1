//! A history: commits made of turns of a person and of models.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use git_model::attribute::{LineDiff, Owner, ReplayFile, ReplayStep, replay};

use crate::conventions::{allow_staged_twins, undecided};
use crate::evidence::{Change, Event, Knowledge, ORIGINAL_LIMIT, Tool, spoil};
use crate::operations::Operation;
use crate::score::{Answer, Score};
use crate::world::{Actor, TrueFile, TrueLine, Truth, World, ids};

pub(crate) struct History {
    seed: u64,
    knowledge: Knowledge,
    world: World,
    models: u32,
    /// What is committed.
    head: Vec<TrueFile>,
    /// The work tree as it was at the last commit, and whose its lines are said to be.
    start: Vec<TrueFile>,
    owners: Vec<Vec<Owner>>,
    /// The files as events last showed them.
    shown: Vec<TrueFile>,
    events: Vec<Event>,
    /// What was put into the index in the middle of the work.
    staged_early: Option<Vec<TrueFile>>,
    /// Older versions, to which somebody may go back.
    older: Vec<(usize, TrueFile)>,
    /// Whether all lines are told after each step.
    pub is_told: bool,
}

impl History {
    pub(crate) fn new(seed: u64, knowledge: Knowledge) -> Self {
        let mut world = World::new(seed);
        world.has_wrong_times = knowledge == Knowledge::Shuffled;
        world.has_lost_events = matches!(knowledge, Knowledge::Lossy | Knowledge::Shuffled);
        let files = world.random.between(2, 4);
        for _ in 0..files {
            let is_big = world.random.percent(12);
            let functions =
                if is_big { world.random.between(20, 45) } else { world.random.between(1, 7) };
            world.add_file(functions);
        }
        for _ in 0..2 {
            world.add_file(0);
        }
        let models = if world.random.percent(40) { 3 } else { 2 };
        let files = world.files.clone();
        Self {
            seed,
            knowledge,
            world,
            models,
            head: files.clone(),
            owners: vec![Vec::new(); files.len()],
            start: files.clone(),
            shown: files,
            events: Vec::new(),
            staged_early: None,
            older: Vec::new(),
            is_told: false,
        }
    }

    /// Returns what happened so far.
    pub(crate) fn log(&self) -> &str {
        &self.world.log
    }

    /// Makes one commit, replays it, and scores the answers.
    pub(crate) fn commit(&mut self, number: usize, score: &mut Score) {
        self.events.clear();
        self.staged_early = None;
        let _ = writeln!(self.world.log, "commit {number}");
        if self.is_told {
            for file in 0..self.world.files.len() {
                self.tell(file);
            }
        }
        for _ in 0..self.world.random.between(5, 12) {
            self.turn();
            if self.world.random.percent(4) {
                self.staged_early = Some(self.world.files.clone());
            }
        }
        let all = (0..self.world.files.len()).collect::<Vec<_>>();
        self.settle_gap(&all);
        let mut staged = self.stage();
        let now = ids(&self.world.files);
        for (staged, work) in staged.iter_mut().zip(&self.world.files) {
            if staged.content() != work.content() {
                allow_staged_twins(staged, work);
            }
        }
        for line in staged.iter_mut().flat_map(|file| &mut file.lines) {
            // Nothing tells that it was put back before it was staged.
            if let Some(was) = line.was.filter(|_| !now.contains_key(&line.id)) {
                line.allow(was);
            }
        }
        let content = |file: &TrueFile| file.content();
        let file = |place: usize| ReplayFile {
            start: content(&self.start[place]).unwrap_or_default(),
            start_owners: self.owners[place].clone(),
            worktree: content(&self.world.files[place]),
            staged: content(&staged[place]),
        };
        let files = all.iter().map(|place| file(*place)).collect::<Vec<_>>();
        let mut random = self.world.random.clone();
        let step = |event: &Event| event.step(self.knowledge, &mut random);
        let mut steps = self.events.iter().map(step).collect::<Vec<ReplayStep>>();
        spoil(&mut steps, self.knowledge, &mut self.world.random);
        let results = replay(&files, &steps);
        for (place, result) in results.iter().enumerate() {
            if self.is_told {
                let lines = staged[place].lines.iter().zip(&result.staged).enumerate();
                for (line, (one, owner)) in lines {
                    let (truth, text) = (one.truth, one.text.trim_end());
                    let whose = format!("{truth:?} answered {owner:?}");
                    let log = &mut self.world.log;
                    let _ = writeln!(log, "  staged {place}:{:<4} {whose:<30} {text}", line + 1);
                }
            }
            let head = content(&self.head[place]).unwrap_or_default();
            let added =
                LineDiff::between(&head, files[place].staged.as_deref().unwrap_or_default());
            score.add(&Answer {
                seed: self.seed,
                commit: number,
                file: place,
                lines: &staged[place].lines,
                added: added.added().map(|line| line as usize).collect(),
                owners: &result.staged,
                world: &self.world,
            });
        }
        self.owners = results.into_iter().map(|result| result.worktree).collect();
        self.start.clone_from(&self.world.files);
        self.head = staged;
        // What left before a commit is not remembered after it.
        self.world.clock += 1;
        self.world.committed = self.world.clock;
        self.world.clipboard.clear();
        self.older.clear();
    }

    /// Tells the lines of a file and whose they are.
    fn tell(&mut self, file: usize) {
        let World { files, log, .. } = &mut self.world;
        for (place, line) in files[file].lines.iter().enumerate() {
            let answers = line.answers().map(|truth| format!("{truth:?}"));
            let whose = answers.collect::<Vec<_>>().join(" or ");
            let text = line.text.trim_end();
            let _ = writeln!(log, "  {file}:{:<4} {whose:<20} {text}", place + 1);
        }
    }

    fn turn(&mut self) {
        match self.world.random.below(100) {
            0..40 => self.person(),
            40..68 => self.edit(),
            68..76 => self.write(),
            76..86 => self.shell(),
            86..89 => self.window(),
            89..94 => self.undo(),
            _ => self.look(),
        }
    }

    fn model(&mut self) -> u32 {
        let models = usize::try_from(self.models).expect("there are few");
        u32::try_from(self.world.random.below(models)).expect("there are few")
    }

    /// Decides whether evidence of a model's tool will be there.
    fn actor(&mut self, model: u32, tool: Tool) -> Actor {
        let is_lost = match self.knowledge {
            Knowledge::SessionFiles => tool == Tool::Shell,
            Knowledge::Lossy => self.world.random.percent(5),
            Knowledge::Full | Knowledge::Shuffled => false,
        };
        if is_lost {
            Actor::Lost(model)
        } else if tool == Tool::Shell && self.world.random.percent(12) {
            Actor::Unseen(model)
        } else {
            Actor::Model(model)
        }
    }

    fn file(&mut self) -> usize {
        let files = self.world.existing(1);
        if files.is_empty() { 0 } else { self.world.random.pick(&files) }
    }

    fn person(&mut self) {
        if self.world.random.percent(6) && !self.older.is_empty() {
            let at = self.world.random.below(self.older.len());
            let (file, older) = self.older[at].clone();
            if self.world.files[file].exists {
                self.step(Actor::Person, Tool::Edit, |world| {
                    let lines = &older.lines;
                    let now = ids(&world.files);
                    let current = world.files[file].lines.clone();
                    let back = |line: &TrueLine| match now.get(&line.id) {
                        Some((at, place)) if *at == file => {
                            TrueLine { text: line.text.clone(), ..current[*place].clone() }
                        }
                        // What was split or joined is only joined or split again.
                        _ if is_reshaped(line, &older.lines, &current) => line.clone(),
                        _ => world.put_back(line, file, Actor::Person),
                    };
                    let mut lines = lines.iter().map(back).collect::<Vec<_>>();
                    lines.retain(|line| now.get(&line.id).is_none_or(|(at, _)| *at == file));
                    world.files[file].lines = lines;
                });
            }
            return;
        }
        for _ in 0..self.world.random.between(1, 2) {
            let file = self.file();
            let operation = Operation::random(&mut self.world);
            self.step(Actor::Person, Tool::Edit, |world| operation.run(world, file, Actor::Person));
        }
    }

    fn edit(&mut self) {
        let model = self.model();
        let actor = self.actor(model, Tool::Edit);
        let file = self.file();
        let operation = Operation::in_one_file(&mut self.world);
        self.step(actor, Tool::Edit, |world| operation.run(world, file, actor));
    }

    fn write(&mut self) {
        let model = self.model();
        let actor = self.actor(model, Tool::Write);
        if self.world.random.percent(20) {
            self.step(actor, Tool::Write, |world| Operation::Create.run(world, 0, actor));
            return;
        }
        let file = self.file();
        let count = self.world.random.between(2, 4);
        let operations =
            (0..count).map(|_| Operation::in_one_file(&mut self.world)).collect::<Vec<_>>();
        self.step(actor, Tool::Write, |world| {
            for operation in operations {
                operation.run(world, file, actor);
            }
        });
    }

    fn shell(&mut self) {
        let model = self.model();
        let actor = self.actor(model, Tool::Shell);
        let count = self.world.random.between(1, 3);
        let mut operations = Vec::new();
        for _ in 0..count {
            operations.push((Operation::random(&mut self.world), self.file()));
        }
        self.step(actor, Tool::Shell, |world| {
            for (operation, file) in operations {
                if world.files[file].exists {
                    operation.run(world, file, actor);
                }
            }
        });
    }

    /// A shell command of one model runs while another one edits.
    fn window(&mut self) {
        let (model, other) = (self.model(), self.model());
        if self.actor(model, Tool::Shell) != Actor::Model(model) {
            return;
        }
        let file = self.file();
        let before = self.world.files.clone();
        let begin = self.world.clock + 1;
        let first = self.events.len();
        let run = |history: &mut Self| {
            let operation = Operation::in_one_file(&mut history.world);
            let actor = Actor::Model(model);
            history.change(actor, |world| operation.run(world, file, actor));
        };
        self.settle_gap(&[file]);
        self.observe(&[file]);
        run(self);
        let inner = Operation::in_one_file(&mut self.world);
        let inner_actor = self.actor(other, Tool::Edit);
        self.shown[file] = self.world.files[file].clone();
        self.step(inner_actor, Tool::Edit, |world| inner.run(world, file, inner_actor));
        run(self);
        self.world.clock += 1;
        // The other edit may have changed nothing, or its evidence may be lost.
        self.settle(&before, Actor::Model(model));
        let change = Change {
            file,
            before: before[file].content(),
            after: self.world.files[file].content(),
        };
        let span = (begin, self.world.clock);
        let window = Event { span, writer: Some(model), tool: Tool::Shell, edits: vec![change] };
        self.events.insert(first, window);
        self.observe(&[file]);
    }

    /// A model takes back what its last edit did, if nobody has changed the file since.
    fn undo(&mut self) {
        let Some((file, older)) = self.older.last().cloned() else { return };
        let Some(last) = self.events.last() else { return };
        let is_same = last.edits.len() == 1
            && last.edits[0].file == file
            && last.edits[0].after == self.world.files[file].content()
            && last.edits[0].before == older.content();
        if let Some(model) = last.writer.filter(|_| is_same) {
            let actor = self.actor(model, Tool::Edit);
            self.step(actor, Tool::Edit, |world| {
                let file = &mut world.files[file];
                (file.exists, file.lines) = (older.exists, older.lines);
            });
        }
    }

    fn look(&mut self) {
        let file = self.file();
        self.settle_gap(&[file]);
        self.world.clock += 1;
        let content = self.world.files[file].content();
        self.events.push(Event {
            span: (self.world.clock, self.world.clock),
            writer: None,
            tool: Tool::Look,
            edits: vec![Change { file, before: content.clone(), after: content }],
        });
        self.observe(&[file]);
    }

    /// Lets somebody change files, and tells it if there is evidence.
    fn step(&mut self, actor: Actor, tool: Tool, run: impl FnOnce(&mut World)) {
        let before = self.world.files.clone();
        self.change(actor, run);
        let after = &self.world.files;
        let mut edits = Vec::new();
        for (file, (old, new)) in before.iter().zip(after).enumerate() {
            let (before, after) = (old.content(), new.content());
            if before != after {
                edits.push(Change { file, before, after });
            }
        }
        if edits.len() == 1 {
            let file = edits[0].file;
            self.older.push((file, before[file].clone()));
        }
        let files = edits.iter().map(|change| change.file).collect::<Vec<_>>();
        let clock = self.world.clock;
        let _ = writeln!(self.world.log, "{clock}: {actor:?}: {tool:?} changed {files:?}");
        if self.is_told {
            for file in &files {
                self.tell(*file);
            }
        }
        let Actor::Model(model) = actor else { return };
        if edits.is_empty() {
            return;
        }
        let now = std::mem::replace(&mut self.world.files, before);
        self.settle_gap(&files);
        // The gap ends with what the step found; what it left was settled before.
        let settled = std::mem::replace(&mut self.world.files, now);
        for file in settled {
            for line in file.lines.iter().filter(|line| !line.also.is_empty()) {
                let all = self.world.files.iter_mut().flat_map(|file| &mut file.lines);
                for now in all.filter(|now| now.id == line.id) {
                    line.also.iter().for_each(|also| now.allow(*also));
                }
            }
        }
        let begin = if tool == Tool::Shell { clock - 1 } else { clock };
        let is_known = self.knowledge != Knowledge::SessionFiles
            || tool == Tool::Write
            || edits.iter().all(|one| one.before.as_ref().is_none_or(|c| c.len() < ORIGINAL_LIMIT));
        self.events.push(Event { span: (begin, clock), writer: Some(model), tool, edits });
        if is_known {
            self.observe(&files);
        }
    }

    /// Lets somebody change files, and applies the conventions about moves.
    fn change(&mut self, actor: Actor, run: impl FnOnce(&mut World)) {
        let before = self.world.files.clone();
        self.world.clock += 2;
        run(&mut self.world);
        self.world.note_removed(&before, actor);
        self.settle(&before, actor);
    }

    /// Applies the conventions about moves to what happened since files were last shown.
    fn settle_gap(&mut self, files: &[usize]) {
        let also = undecided(&self.shown, &self.world.files, &self.world.made, Truth::Person);
        self.mark(&also, Some(files));
        for file in files {
            self.shown[*file] = self.world.files[*file].clone();
        }
    }

    /// Applies the conventions to what somebody did at once.
    fn settle(&mut self, before: &[TrueFile], actor: Actor) {
        let also = undecided(before, &self.world.files, &self.world.made, actor.truth());
        self.mark(&also, None);
    }

    fn mark(&mut self, also: &BTreeMap<u64, Truth>, only: Option<&[usize]>) {
        for (number, file) in self.world.files.iter_mut().enumerate() {
            if only.is_some_and(|only| !only.contains(&number)) {
                continue;
            }
            for line in &mut file.lines {
                also.get(&line.id).into_iter().for_each(|truth| line.allow(*truth));
            }
        }
    }

    fn observe(&mut self, files: &[usize]) {
        for file in files {
            self.world.files[*file].observed.push(self.world.clock);
            self.shown[*file] = self.world.files[*file].clone();
        }
    }

    /// Chooses what is committed: everything, some files, some hunks, or what was staged early.
    fn stage(&mut self) -> Vec<TrueFile> {
        let work = self.world.files.clone();
        if let Some(early) = self.staged_early.take() {
            return early;
        }
        if !self.world.random.percent(30) {
            return work;
        }
        let head = self.head.clone();
        let both = head.iter().zip(&work);
        both.map(|(head, work)| match self.world.random.below(10) {
            0 => head.clone(),
            1..6 if head.exists && work.exists => self.stage_hunks(head, work),
            _ => work.clone(),
        })
        .collect()
    }

    fn stage_hunks(&mut self, head: &TrueFile, work: &TrueFile) -> TrueFile {
        let content = |file: &TrueFile| crate::world::rendered(&file.lines, false, true);
        let kept = LineDiff::between(&content(head), &content(work)).kept();
        let mut lines = Vec::new();
        let (mut old, mut new) = (0, 0);
        for end in 0..=work.lines.len() {
            let place = match kept.get(end) {
                Some(None) => continue,
                Some(Some(place)) => *place as usize,
                None => head.lines.len(),
            };
            let (gone, fresh) = (&head.lines[old..place], &work.lines[new..end]);
            lines.extend_from_slice(if self.world.random.percent(55) { fresh } else { gone });
            lines.extend(work.lines.get(end).cloned());
            (old, new) = (place + 1, end + 1);
        }
        TrueFile { lines, ..work.clone() }
    }
}

/// Says whether a line of an older version is now in parts, or a part of another line.
fn is_reshaped(line: &TrueLine, older: &[TrueLine], now: &[TrueLine]) -> bool {
    let is_source = |of: &[TrueLine], id: u64| of.iter().any(|one| one.made_of.contains(&id));
    let is_here = |id: &u64| now.iter().any(|one| one.id == *id);
    is_source(now, line.id) || line.made_of.iter().any(is_here) && is_source(older, line.made_of[0])
}
