//! Two records made into one: of one commit that was recorded on two machines, or of two commits of which either may
//! have given the lines of a third.
//!
//! Records are taken apart here without `..`: a new field does not compile until somebody says how it is combined.

use std::collections::BTreeMap;

use super::{
    AttributedRange, CommitRecord, Contribution, FileAttribution, Grade, LineCounts, Operation,
    Origin, Recorder, Usage,
};

/// What the two records are to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// They are about the same commit: what one knows and the other does not is known.
    Same,
    /// They are about two commits, and nobody can tell which: only what both say is known.
    Either,
}

/// Who has which lines: the part of a record that is combined line by line.
#[derive(Debug, Clone, Default)]
struct Lines {
    contributions: Vec<Contribution>,
    files: Vec<FileAttribution>,
    unknown: LineCounts,
}

/// Combines two records of the same commit; nothing that one of them says is lost.
///
/// A line that only one gives to somebody is theirs. Where they differ the better evidence counts; with equal evidence
/// the line is unknown, and both are named. Whoever must come to the same result on two machines gives the records in
/// the same order.
pub fn combine(first: CommitRecord, second: CommitRecord) -> CommitRecord {
    if first == second { first } else { joined(first, second, Rule::Same) }
}

/// Combines two records of which one is right, and nothing tells which: where they differ a line is unknown.
///
/// All whom either names stay named.
pub fn combine_either(first: CommitRecord, second: CommitRecord) -> CommitRecord {
    if first == second { first } else { joined(first, second, Rule::Either) }
}

fn joined(first: CommitRecord, second: CommitRecord, rule: Rule) -> CommitRecord {
    // What a hook saw is said of the commit rather than what somebody found out later.
    let (first, second) = if rank(second.recorder) < rank(first.recorder) {
        (second, first)
    } else {
        (first, second)
    };
    let CommitRecord {
        contributions,
        files,
        unknown,
        mut trailers,
        mut mismatches,
        mut read_by,
        mut usage,
        mut plans,
        mut unclear_plans,
        recorder,
        operation,
        mut sources,
    } = first;
    let one = Lines { contributions, files, unknown };
    let CommitRecord {
        contributions,
        files,
        unknown,
        trailers: other_trailers,
        mismatches: other_mismatches,
        read_by: other_read_by,
        usage: other_usage,
        plans: other_plans,
        unclear_plans: other_unclear_plans,
        recorder: _, // The better one was put first.
        operation: other_operation,
        sources: other_sources,
    } = second;
    let other = Lines { contributions, files, unknown };
    let Lines { contributions, files, unknown } = one.join(&other, rule);
    add_new(&mut trailers, other_trailers, |one, other| one == other);
    add_new(&mut mismatches, other_mismatches, |one, other| one.id() == other.id());
    add_new(&mut read_by, other_read_by, |one, other| one == other);
    add_usage(&mut usage, other_usage);
    for plan in other_plans {
        match plans.iter_mut().find(|known| known.id == plan.id) {
            Some(known) if (plan.grade, known.version) < (known.grade, plan.version) => {
                *known = plan;
            }
            Some(_) => {}
            None => plans.push(plan),
        }
    }
    add_new(&mut unclear_plans, other_unclear_plans, |one, other| one == other);
    unclear_plans.retain(|id| !plans.iter().any(|plan| plan.id == *id));
    add_new(&mut sources, other_sources, |one, other| one == other);
    let operation = if operation == Operation::Other { other_operation } else { operation };
    let mut record = CommitRecord {
        contributions,
        files,
        unknown,
        trailers,
        mismatches,
        read_by,
        usage,
        plans,
        unclear_plans,
        recorder,
        operation,
        sources,
    };
    record.sort_contributions();
    record
}

fn rank(recorder: Recorder) -> u8 {
    match recorder {
        Recorder::Hook => 0,
        Recorder::Record => 1,
        Recorder::Repair => 2,
        Recorder::Other => 3,
    }
}

fn add_new<T>(list: &mut Vec<T>, others: Vec<T>, is_same: impl Fn(&T, &T) -> bool) {
    for other in others {
        if !list.iter().any(|known| is_same(known, &other)) {
            list.push(other);
        }
    }
}

/// Adds what sessions cost: answers that both have counted are the same answers.
fn add_usage(list: &mut Vec<Usage>, others: Vec<Usage>) {
    for other in others {
        match list.iter_mut().find(|known| known.is_like(&other)) {
            Some(known) if known.answers < other.answers => *known = other,
            Some(_) => {}
            None => list.push(other),
        }
    }
}

impl Lines {
    fn join(&self, other: &Self, rule: Rule) -> Self {
        let total = self.total().at_least(other.total());
        let mut pool = Vec::<Contribution>::new();
        let places = [self, other].map(|side| {
            let mut place = |one| place_in(&mut pool, one);
            side.contributions.iter().map(&mut place).collect::<Vec<_>>()
        });
        // A record may be without ranges because it was too large: then its counts are all there is to go by.
        let is_bare = [self, other].map(|side| side.files.is_empty() && side.added() > 0);
        let mut files = Vec::new();
        if is_bare == [false, false] {
            files = join_files(self, other, &places, &pool, rule);
            count_ranges(&mut pool, &files);
        } else if is_bare != [true, true] || rule == Rule::Same {
            let (side, places) =
                if is_bare[0] && !is_bare[1] { (other, &places[1]) } else { (self, &places[0]) };
            files = remapped(&side.files, places);
            for (one, place) in side.contributions.iter().zip(places) {
                pool[*place].lines.added += one.lines.added;
            }
        }
        for (place, one) in pool.iter_mut().enumerate() {
            let trivial = |side: &Self, places: &[usize]| {
                let own = side.contributions.iter().zip(places).filter(|(_, at)| **at == place);
                own.map(|(one, _)| one.lines.trivial).fold(0, u32::saturating_add)
            };
            let most = trivial(self, &places[0]).max(trivial(other, &places[1]));
            one.lines.trivial = most.min(one.lines.added);
        }
        give_deleted(&mut pool, [self, other], &places, total.deleted, rule);
        let known = sum(&pool);
        let unknown = LineCounts {
            added: total.added.saturating_sub(known.added),
            deleted: total.deleted.saturating_sub(known.deleted),
            trivial: total.trivial.saturating_sub(known.trivial),
        };
        without_repetition(Self { contributions: pool, files, unknown })
    }

    fn added(&self) -> u32 {
        sum(&self.contributions).added
    }

    fn total(&self) -> LineCounts {
        let mut total = sum(&self.contributions);
        total.add(self.unknown);
        total
    }
}

impl LineCounts {
    fn at_least(self, other: Self) -> Self {
        Self {
            added: self.added.max(other.added),
            deleted: self.deleted.max(other.deleted),
            trivial: self.trivial.max(other.trivial),
        }
    }
}

fn sum(contributions: &[Contribution]) -> LineCounts {
    let mut sum = LineCounts::default();
    for one in contributions {
        sum.add(one.lines);
    }
    sum
}

/// Returns the place of a contribution in the pool, making one without lines.
fn place_in(pool: &mut Vec<Contribution>, one: &Contribution) -> usize {
    let same = |known: &Contribution| {
        known.origin == one.origin
            && known.requested == one.requested
            && known.session == one.session
    };
    pool.iter().position(same).unwrap_or_else(|| {
        pool.push(Contribution { lines: LineCounts::default(), ..one.clone() });
        pool.len() - 1
    })
}

fn remapped(files: &[FileAttribution], places: &[usize]) -> Vec<FileAttribution> {
    let range = |range: &AttributedRange| {
        let contribution = *places.get(range.contribution)?;
        Some(AttributedRange { contribution, ..*range })
    };
    let file = |file: &FileAttribution| FileAttribution {
        path: file.path.clone(),
        ranges: file.ranges.iter().filter_map(range).collect(),
    };
    files.iter().map(file).collect()
}

fn join_files(
    one: &Lines,
    other: &Lines,
    places: &[Vec<usize>; 2],
    pool: &[Contribution],
    rule: Rule,
) -> Vec<FileAttribution> {
    let mut paths = BTreeMap::<&str, [Vec<AttributedRange>; 2]>::new();
    let sides = [remapped(&one.files, &places[0]), remapped(&other.files, &places[1])];
    for (side, files) in sides.iter().enumerate() {
        for file in files {
            paths.entry(&file.path).or_default()[side].extend(&file.ranges);
        }
    }
    let files = paths.into_iter().map(|(path, [mut left, mut right])| {
        left.sort_by_key(|range| (range.start, range.end));
        right.sort_by_key(|range| (range.start, range.end));
        let ranges = join_ranges(&left, &right, pool, rule);
        FileAttribution { path: path.to_owned(), ranges }
    });
    files.filter(|file| !file.ranges.is_empty()).collect()
}

/// Goes over the pieces into which the ranges of both sides cut a file: a note may name a billion lines.
fn join_ranges(
    left: &[AttributedRange],
    right: &[AttributedRange],
    pool: &[Contribution],
    rule: Rule,
) -> Vec<AttributedRange> {
    let mut cuts = left
        .iter()
        .chain(right)
        .flat_map(|range| [u64::from(range.start), u64::from(range.end) + 1])
        .collect::<Vec<_>>();
    cuts.sort_unstable();
    cuts.dedup();
    let mut joined = Vec::<AttributedRange>::new();
    for pair in cuts.windows(2) {
        let owners = [left, right].map(|side| owner_at(side, pair[0]));
        let Some(contribution) = decide(owners, pool, rule) else { continue };
        let (Ok(start), Ok(end)) = (u32::try_from(pair[0]), u32::try_from(pair[1] - 1)) else {
            continue;
        };
        match joined.last_mut() {
            Some(last) if last.contribution == contribution && last.end + 1 == start => {
                last.end = end;
            }
            _ => joined.push(AttributedRange { start, end, contribution }),
        }
    }
    joined
}

fn owner_at(ranges: &[AttributedRange], line: u64) -> Option<usize> {
    let before = ranges.partition_point(|range| u64::from(range.start) <= line);
    let range = ranges[..before].last().filter(|range| line <= u64::from(range.end))?;
    Some(range.contribution)
}

/// Decides whose a line is that two records give to these.
fn decide(owners: [Option<usize>; 2], pool: &[Contribution], rule: Rule) -> Option<usize> {
    match (owners, rule) {
        ([Some(one), Some(other)], _) if one == other => Some(one),
        ([Some(one), Some(other)], _) => {
            let grades = [one, other].map(|place| grade_of(&pool[place].origin));
            let is_same = is_same_part(&pool[one].origin, &pool[other].origin);
            match (rule, is_same) {
                (Rule::Same, true) => Some(if grades[1] < grades[0] { other } else { one }),
                (Rule::Same, false) if grades[0] < grades[1] => Some(one),
                (Rule::Same, false) if grades[1] < grades[0] => Some(other),
                (Rule::Either, true) => Some(if grades[1] > grades[0] { other } else { one }),
                _ => None,
            }
        }
        ([one, other], Rule::Same) => one.or(other),
        _ => None,
    }
}

fn grade_of(origin: &Origin) -> Grade {
    match origin {
        Origin::Model { grade, .. } => *grade,
        Origin::Human => Grade::Declared,
        Origin::Unknown => Grade::Unknown,
    }
}

/// Says whether two name the same model in the same phase, however each is known.
fn is_same_part(one: &Origin, other: &Origin) -> bool {
    match (one, other) {
        (Origin::Model { model, phase, .. }, Origin::Model { model: second, phase: other, .. }) => {
            model.id() == second.id() && phase == other
        }
        _ => one == other,
    }
}

fn count_ranges(pool: &mut [Contribution], files: &[FileAttribution]) {
    for range in files.iter().flat_map(|file| &file.ranges) {
        let added = &mut pool[range.contribution].lines.added;
        *added = added.saturating_add((range.end - range.start).saturating_add(1));
    }
}

/// Gives out the deleted lines, of which only numbers are known: the best evidence first, and nobody what two claim.
fn give_deleted(
    pool: &mut [Contribution],
    sides: [&Lines; 2],
    places: &[Vec<usize>; 2],
    total: u32,
    rule: Rule,
) {
    let claim = |place: usize| {
        let claims = sides.iter().zip(places).map(|(side, places)| {
            let own = side.contributions.iter().zip(places).filter(|(_, at)| **at == place);
            own.map(|(one, _)| one.lines.deleted).fold(0, u32::saturating_add)
        });
        match rule {
            Rule::Same => claims.max().unwrap_or(0),
            Rule::Either => claims.min().unwrap_or(0),
        }
    };
    let claims = (0..pool.len()).map(claim).collect::<Vec<_>>();
    let mut left = total;
    for grade in [Grade::Observed, Grade::Declared, Grade::Inferred, Grade::Unknown] {
        let level = (0..pool.len()).filter(|place| grade_of(&pool[*place].origin) == grade);
        let level = level.filter(|place| claims[*place] > 0).collect::<Vec<_>>();
        let wanted = level.iter().map(|place| u64::from(claims[*place])).sum::<u64>();
        if level.len() > 1 && wanted > u64::from(left) {
            continue;
        }
        for place in level {
            let given = claims[place].min(left);
            pool[place].lines.deleted = given;
            left -= given;
        }
    }
}

/// Leaves out whoever has no lines and is named once more, with lines or by better evidence.
fn without_repetition(lines: Lines) -> Lines {
    let Lines { contributions, mut files, unknown } = lines;
    let is_repeated = |place: usize| {
        let one = &contributions[place];
        let is_better = |(at, known): (usize, &Contribution)| {
            let better = (known.lines.changed() == 0, grade_of(&known.origin), at);
            at != place
                && is_same_part(&known.origin, &one.origin)
                && better < (true, grade_of(&one.origin), place)
        };
        one.lines.changed() == 0 && contributions.iter().enumerate().any(is_better)
    };
    let stays = (0..contributions.len()).map(|place| !is_repeated(place)).collect::<Vec<_>>();
    let new_place = |place: usize| stays[..place].iter().filter(|stays| **stays).count();
    for range in files.iter_mut().flat_map(|file| &mut file.ranges) {
        range.contribution = new_place(range.contribution);
    }
    let kept = contributions.iter().zip(&stays).filter(|(_, stays)| **stays);
    let contributions = kept.map(|(one, _)| one.clone()).collect();
    Lines { contributions, files, unknown }
}

#[cfg(test)]
mod tests;
