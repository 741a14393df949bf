//! The command: parse, open the door, wait for the signal to stop.

use std::process::ExitCode;

use nagaya_relay::args::{self, Command};
use nagaya_relay::door;

fn main() -> ExitCode {
    let command = match args::parse(std::env::args().skip(1)) {
        Ok(command) => command,
        Err(error) => {
            eprintln!("nagaya-relay: {error}\n\n{}", args::USAGE);
            return ExitCode::from(2);
        }
    };
    // One thread: the work is copying bytes, and each thread more is memory in every pod.
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("nagaya-relay: cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let outcome = match command {
        Command::Help => {
            eprintln!("{}", args::USAGE);
            Ok(())
        }
        Command::Serve(door, ready) => {
            runtime.block_on(door::run(door, ready)).map_err(|error| error.to_string())
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("nagaya-relay: {error}");
            ExitCode::FAILURE
        }
    }
}
