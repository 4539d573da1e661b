//! Contacts in a CSV file. Each contact is written as soon as it is known: a run that stops early loses none, and the
//! next run continues. The file has names and numbers, so only its owner can read it.

use std::error::Error;
use std::fs::File;
use std::path::{Path, PathBuf};

use privacy_number::top::ReceiverQuery;

use super::Contact;
use crate::command_line::{PartFile, Problem, what_to_do};

const COLUMNS: [&str; 9] =
    ["tid", "oaid", "gateway", "name", "number", "address", "valid_until", "problem", "what_to_do"];

/// A file to which contacts are added.
pub(crate) struct ContactFile {
    path: PathBuf,
    gateway: &'static str,
    writer: csv::Writer<File>,
}

impl ContactFile {
    /// Opens or creates the file and returns its contacts. Removes the orders that failed, so that they are decrypted
    /// again.
    pub(crate) fn open(path: &Path, gateway: &'static str) -> Result<(Self, Vec<Contact>), Box<dyn Error>> {
        // Follows a symbolic link, so that the rename replaces the file and not the link.
        let path = &path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let text = match std::fs::metadata(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Ok(metadata) if !metadata.is_file() => return Err(other(path, "is no file").into()),
            _ => std::fs::read_to_string(path).map_err(|error| Problem::of_file(path, &error))?,
        };
        let contacts = contacts(path, gateway, &text)?;
        // Writes a new file that replaces the former one, so that no contact is lost if the run ends now.
        let file = PartFile::create(path)?;
        let writer = csv::Writer::from_writer(file.writer()?);
        let mut contact_file = Self { path: path.to_owned(), gateway, writer };
        contact_file.write(&COLUMNS)?;
        for contact in &contacts {
            contact_file.add(contact)?;
        }
        file.replace()?;
        Ok((contact_file, contacts))
    }

    /// Adds a contact. It is written when this returns.
    pub(crate) fn add(&mut self, contact: &Contact) -> Result<(), Problem> {
        let number = contact.number.as_ref().map_or("", |number| number.expose());
        let Contact { tid, oaid, name, address, valid_until, .. } = contact;
        self.write(&[tid, oaid.expose(), self.gateway, name.expose(), number, address.expose(), valid_until, "", ""])
    }

    /// Adds an order that failed, with its error.
    pub(crate) fn add_failed(&mut self, order: &ReceiverQuery, error: &privacy_number::Error) -> Result<(), Problem> {
        let (problem, advice) = (error.to_string(), what_to_do(error.advice()));
        self.write(&[&order.tid, order.oaid.expose(), self.gateway, "", "", "", "", &problem, &advice])
    }

    fn write(&mut self, record: &[&str; COLUMNS.len()]) -> Result<(), Problem> {
        // A contact is one line: a missing line end shows that a contact is incomplete.
        let record = record.map(|field| field.replace(['\r', '\n'], " "));
        let written = self.writer.write_record(&record).map_err(std::io::Error::from);
        written.and_then(|()| self.writer.flush()).map_err(|error| Problem::of_file(&self.path, &error))
    }
}

fn other(path: &Path, what: &str) -> Problem {
    Problem::new(format_args!("{} {what}", path.display()), "give --out another file, or remove this one")
}

/// Parses the contacts of a file. Ignores an incomplete last line.
fn contacts(path: &Path, gateway: &str, text: &str) -> Result<Vec<Contact>, Problem> {
    let other = |what: &str| other(path, what);
    let (whole_lines, _) = text.rsplit_once('\n').unwrap_or_default();
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(whole_lines.as_bytes());
    let header = reader.headers().map_err(|_| other("is no file of contacts"))?;
    if !whole_lines.is_empty() && header != COLUMNS.as_slice() {
        return Err(other("is no file of contacts that this program writes"));
    }
    let mut contacts = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| other("is no file of contacts"))?;
        let [tid, oaid, from, name, number, address, valid_until, problem, _] = *record.iter().collect::<Vec<_>>()
        else {
            return Err(other("has lines of another length"));
        };
        if from != gateway {
            return Err(other(&format!("holds contacts of the gateway `{from}`, and this run talks to `{gateway}`")));
        }
        if problem.is_empty() {
            contacts.push(Contact {
                tid: tid.to_owned(),
                oaid: oaid.into(),
                name: name.into(),
                number: (!number.is_empty()).then(|| number.into()),
                address: address.into(),
                valid_until: valid_until.to_owned(),
            });
        }
    }
    Ok(contacts)
}
