//! Where the command line writes: results to standard output, everything else to standard error.

use std::io::{IsTerminal as _, Write as _};

use crate::CliError;

/// Writes a result to standard output.
///
/// A reader that went away (`nagaya get ws | head`) ends the process quietly, as it does for other tools.
pub fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    if out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_err() {
        std::process::exit(0);
    }
}

/// Writes a line of result to standard output.
pub fn say(line: &str) {
    print(&format!("{line}\n"));
}

/// Writes a line about the work to standard error.
pub fn note(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Writes an error to standard error.
pub fn complain(message: &str) {
    note(&format!("error: {message}"));
}

/// Asks on the terminal, for instance before something is removed for ever.
///
/// # Errors
/// When there is no terminal to ask on.
pub fn ask(question: &str) -> Result<String, CliError> {
    if !std::io::stdin().is_terminal() {
        return Err(CliError::Usage(format!(
            "{question}: there is no terminal to ask on (give --yes if you are sure)"
        )));
    }
    let _ = write!(std::io::stderr(), "{question} ");
    let _ = std::io::stderr().flush();
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).map_err(|error| CliError::Other(error.to_string()))?;
    Ok(answer.trim().to_owned())
}

/// A password: typed unseen on a terminal, else the first line of standard input.
///
/// # Errors
/// When it cannot be read or is empty.
pub fn password(prompt: &str) -> Result<String, CliError> {
    let password = if std::io::stdin().is_terminal() {
        rpassword::prompt_password(prompt).map_err(|error| CliError::Other(error.to_string()))?
    } else {
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).map_err(|error| CliError::Other(error.to_string()))?;
        line.trim_end_matches(['\r', '\n']).to_owned()
    };
    if password.is_empty() {
        return Err(CliError::Usage("the password is empty: type one, or pipe one in".into()));
    }
    Ok(password)
}
