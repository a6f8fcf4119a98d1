//! Choosing a way to ask a model: as the user named it, else the first that is set up for the vendor of the model.

use std::cell::OnceCell;

use super::api::Api;
use super::backend::Ask;
use super::client::{Address, AddressError};
use super::way::{Backend, Configured, Dialect, Key, Manner, Program, SetUp, Surroundings, Way};
use crate::provenance::ModelName;

/// A way to ask, ready.
pub struct Chosen {
    /// What asks.
    pub ask: Box<dyn Ask>,
    /// The name under which the user knows it, such as `anthropic`.
    pub name: String,
    /// Where what is sent goes.
    pub goes: Goes,
    /// It can read the folder that it was given.
    pub reads: bool,
    /// The id of the agent whose program it is.
    pub agent: Option<&'static str>,
}

/// Where what is sent goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goes {
    /// To a host.
    Host(String),
    /// To this machine itself.
    Here(String),
    /// To an agent's program, which sends it where its own settings say.
    Program(String),
}

/// Why there is no way to ask a model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChoiceError {
    /// Nobody named one, and none that serves the model is set up.
    #[error("nothing is set up to ask {model}")]
    NothingSetUp {
        /// The model, as people read it.
        model: String,
        /// The shortest ways to set one up.
        ways: Vec<SetUp>,
    },
    /// The vendor of a model is not known, so it must be said who asks it.
    #[error("it is not known who serves `{model}`, so a backend must be named")]
    UnknownVendor {
        /// The model, as the user wrote it.
        model: String,
    },
    /// There is no way of this name.
    #[error("there is no backend `{name}`")]
    UnknownName {
        /// The name.
        name: String,
        /// What it would stand for, where the user said so.
        kind: Option<String>,
    },
    /// There is no key.
    #[error("there is no key for {host}")]
    NoKey {
        /// Whose key.
        host: String,
        /// The name of the way.
        name: String,
        /// The variable that would hold it.
        variable: Option<String>,
    },
    /// A key cannot be one.
    #[error(
        "what {from} holds cannot be a key: a blank, a line break or another odd character is in it"
    )]
    BadKey {
        /// Where it came from.
        from: String,
    },
    /// Nothing is sent to the address.
    #[error("nothing is sent to the address of `{name}`: {problem}")]
    BadAddress {
        /// The name of the way.
        name: String,
        /// What is wrong with it.
        problem: AddressError,
    },
    /// An address must be named.
    #[error("`{name}` has no address")]
    NoAddress {
        /// The name of the way.
        name: String,
    },
    /// A program is not installed.
    #[error("the program `{program}` is not installed, or stands inside of the repository")]
    NoProgram {
        /// Its name.
        program: String,
    },
    /// It cannot be made ready.
    #[error("`{name}` cannot be asked: {problem}")]
    NotReady {
        /// The name of the way.
        name: String,
        /// What is wrong.
        problem: String,
    },
}

/// Chooses a way to ask a model.
///
/// Where none is named: the interface of the model's vendor if its key is there, else the vendor's program if it is
/// installed; the program first where the model is to read the repository. Nothing is sent and nothing started but
/// Git's credential helpers.
pub fn choose(
    backend: Option<&str>,
    model: &ModelName,
    manner: Manner,
    around: &dyn Surroundings,
) -> Result<Chosen, ChoiceError> {
    match backend {
        Some(name) => {
            let configured = around.configured(name);
            let backend = find(name, &configured)?;
            open(backend, name, &configured, manner, around)
        }
        None => choose_for_vendor(model, &manner, around),
    }
}

/// Returns the backend of a name: one of ours, or what a name of the user's own stands for.
fn find(name: &str, configured: &Configured) -> Result<&'static dyn Backend, ChoiceError> {
    let kind = configured.kind.as_deref();
    let ours = |name: &str| super::ALL.iter().copied().find(|one| one.name() == name);
    // A name of ours stays what it is, whatever kind is set for it.
    ours(name).or_else(|| ours(kind?)).ok_or_else(|| ChoiceError::UnknownName {
        name: name.to_owned(),
        kind: kind.map(str::to_owned),
    })
}

fn choose_for_vendor(
    model: &ModelName,
    manner: &Manner,
    around: &dyn Surroundings,
) -> Result<Chosen, ChoiceError> {
    let Some(vendor) = model.vendor() else {
        return Err(ChoiceError::UnknownVendor { model: model.raw().to_owned() });
    };
    let mut served: Vec<_> =
        super::ALL.iter().copied().filter(|one| one.vendor() == Some(vendor)).collect();
    if served.is_empty() {
        return Err(ChoiceError::UnknownVendor { model: model.raw().to_owned() });
    }
    let is_program = |one: &&dyn Backend| matches!(one.way(), Way::Program(_));
    let programs_first = manner.reads.is_some();
    // Stable, so that of one sort the order of the list holds.
    served.sort_by_key(|one| is_program(one) != programs_first);
    for backend in &served {
        let configured = around.configured(backend.name());
        match open(*backend, backend.name(), &configured, manner.clone(), around) {
            Err(ChoiceError::NoKey { .. } | ChoiceError::NoProgram { .. }) => {}
            opened => return opened,
        }
    }
    let ways = served.iter().map(|one| one.set_up()).take(2).collect();
    Err(ChoiceError::NothingSetUp { model: model.display().to_owned(), ways })
}

fn open(
    backend: &'static dyn Backend,
    name: &str,
    configured: &Configured,
    manner: Manner,
    around: &dyn Surroundings,
) -> Result<Chosen, ChoiceError> {
    match backend.way() {
        Way::Api(dialect) => open_api(dialect, name, configured, manner, around),
        Way::Program(program) => open_program(program, name, manner, around),
    }
}

fn open_api(
    dialect: &'static dyn Dialect,
    name: &str,
    configured: &Configured,
    manner: Manner,
    around: &dyn Surroundings,
) -> Result<Chosen, ChoiceError> {
    let own = dialect.url();
    let text = configured.url.as_deref().or(own);
    let text = text.ok_or_else(|| ChoiceError::NoAddress { name: name.to_owned() })?;
    let address = Address::parse(text)
        .map_err(|problem| ChoiceError::BadAddress { name: name.to_owned(), problem })?;
    let own = own.and_then(|own| Address::parse(own).ok());
    let is_own = own.is_some_and(|own| own.is_same_host(&address));
    let key = find_key(dialect, configured, &address, is_own, around)?;
    if key.is_none() && is_own {
        return Err(ChoiceError::NoKey {
            host: address.host(),
            name: name.to_owned(),
            variable: configured
                .key_variable
                .clone()
                .or_else(|| dialect.key_variable().map(str::to_owned)),
        });
    }
    let goes =
        if address.is_loopback() { Goes::Here(address.host()) } else { Goes::Host(address.host()) };
    let ask = Api { dialect, address, key, proxy: around.proxy(), manner, client: OnceCell::new() };
    Ok(Chosen { ask: Box::new(ask), name: name.to_owned(), goes, reads: false, agent: None })
}

/// Finds the key of an address: in the variable that the user named; else, at the provider's own host and at no other,
/// in the provider's variable; else with Git's credential helpers.
fn find_key(
    dialect: &dyn Dialect,
    configured: &Configured,
    address: &Address,
    is_own: bool,
    around: &dyn Surroundings,
) -> Result<Option<Key>, ChoiceError> {
    let made = |text: &str, from: &str| {
        let bad = || ChoiceError::BadKey { from: from.to_owned() };
        Key::new(text, from).map(Some).ok_or_else(bad)
    };
    let named = configured.key_variable.as_deref();
    let variable = named.or_else(|| dialect.key_variable().filter(|_| is_own));
    if let Some((variable, text)) = variable.and_then(|name| Some((name, around.variable(name)?))) {
        return made(&text, variable);
    }
    if let Some(variable) = named {
        return Err(ChoiceError::NoKey {
            host: address.host(),
            name: address.host(),
            variable: Some(variable.to_owned()),
        });
    }
    match around.credential(&address.to_string()) {
        Some(text) => made(&text, "git credential"),
        None => Ok(None),
    }
}

fn open_program(
    program: &'static dyn Program,
    name: &str,
    manner: Manner,
    around: &dyn Surroundings,
) -> Result<Chosen, ChoiceError> {
    let command = program.command();
    let path = around
        .program(command)
        .ok_or_else(|| ChoiceError::NoProgram { program: command.to_owned() })?;
    let reads = manner.reads.is_some();
    let ask = program.open(path, manner, around);
    Ok(Chosen {
        ask,
        name: name.to_owned(),
        goes: Goes::Program(command.to_owned()),
        reads,
        agent: Some(program.agent()),
    })
}
