//! Who is to be asked, and where: only what the user set and what is around the user, never what a repository says.

use std::path::{Path, PathBuf};

use super::{Role, Settings};
use crate::backends::{self, Configured};
use crate::git::{self, Repo};
use crate::os;
use crate::provenance::{ModelName, ModelNameError};

/// A model, and who is to ask it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleSetting {
    /// The way to ask it, where one is named.
    pub backend: Option<String>,
    /// The model.
    pub model: ModelName,
}

/// Why a setting of a role cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RoleError {
    /// Git's configuration could not be read.
    #[error(transparent)]
    Git(#[from] git::Error),
    /// It names no model.
    #[error("`{key}` names no model")]
    NotAModel {
        /// The key of Git's configuration.
        key: &'static str,
        /// What is wrong with it.
        source: ModelNameError,
    },
}

impl<'r> Settings<'r> {
    /// Returns who has a role and who is to ask, `[BACKEND:]MODEL` in the user's own configuration; never the repository's.
    pub fn role_setting(&self, role: Role) -> Result<Option<RoleSetting>, RoleError> {
        let Some(value) = self.repo.users_setting(role.key())? else { return Ok(None) };
        let read = self.model_to_ask(&value);
        read.map(Some).map_err(|source| RoleError::NotAModel { key: role.key(), source })
    }

    /// Reads `[BACKEND:]MODEL`, as a person types it.
    ///
    /// A word before a colon is a backend only if there is one of that name: `llama3:8b` is a model.
    pub fn model_to_ask(&self, text: &str) -> Result<RoleSetting, ModelNameError> {
        let text = text.trim();
        let named = text.split_once(':').filter(|(name, _)| self.is_backend(name));
        let (backend, model) = match named {
            Some((name, model)) => (Some(name.to_owned()), model),
            None => (None, text),
        };
        Ok(RoleSetting { backend, model: ModelName::parse(model)? })
    }

    /// Returns what is around the user: settings, keys and programs.
    pub fn around(&self) -> Around<'r> {
        Around { repo: self.repo }
    }

    fn is_backend(&self, name: &str) -> bool {
        if backends::ALL.iter().any(|one| one.name() == name) {
            return true;
        }
        let configured = backends::Surroundings::configured(&self.around(), name);
        configured.kind.is_some() || configured.url.is_some()
    }
}

/// What is around the user: settings, keys and programs.
pub struct Around<'r> {
    repo: &'r Repo,
}

impl backends::Surroundings for Around<'_> {
    fn configured(&self, name: &str) -> Configured {
        let value = |key: &str| {
            let value = self.repo.users_setting(&format!("model.backend.{name}.{key}"));
            value.ok().flatten().filter(|value| !value.is_empty())
        };
        Configured { url: value("url"), key_variable: value("keyEnv"), kind: value("kind") }
    }

    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok().filter(|value| !value.is_empty())
    }

    fn credential(&self, url: &str) -> Option<String> {
        git::credential(url, &self.home().unwrap_or_else(std::env::temp_dir))
    }

    fn program(&self, name: &str) -> Option<PathBuf> {
        let path = std::env::var_os("PATH")?;
        // A folder of the repository is a repository's say.
        let own = self.work_tree().and_then(|tree| tree.canonicalize().ok());
        let is_foreign = |file: &PathBuf| {
            let real = file.canonicalize().ok();
            real.is_some_and(|real| own.as_ref().is_none_or(|own| !real.starts_with(own)))
        };
        std::env::split_paths(&path)
            .filter(|folder| folder.is_absolute())
            .map(|folder| folder.join(name))
            .filter(|file| {
                let inside = self.work_tree().is_some_and(|tree| file.starts_with(tree));
                !inside && is_foreign(file)
            })
            .find(|file| os::is_executable(file))
    }

    fn home(&self) -> Option<PathBuf> {
        std::env::home_dir().filter(|home| !home.as_os_str().is_empty())
    }

    fn proxy(&self) -> Option<String> {
        let value = self.repo.users_setting("http.proxy").ok().flatten();
        value.filter(|value| !value.is_empty())
    }

    fn work_tree(&self) -> Option<&Path> {
        self.repo.work_tree()
    }
}
