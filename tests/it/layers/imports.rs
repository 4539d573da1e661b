//! Which source files import which, read from `use` declarations and from paths in the code.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The names of the modules from the root of the crate to a file. `lib.rs` has none.
pub(super) type Module = Vec<String>;

/// The files that each file imports.
pub(super) type Graph = BTreeMap<Module, BTreeSet<Module>>;

/// One file: what it declares with `use`, the items that it defines, and the paths in the rest of its code.
struct Source {
    declarations: Vec<Declaration>,
    items: BTreeSet<String>,
    paths: BTreeSet<Vec<String>>,
}

struct Declaration {
    /// `*` for all names.
    name: String,
    path: Vec<String>,
    is_re_export: bool,
}

/// The source files of the crate, by their modules.
pub(super) struct Sources(BTreeMap<Module, Source>);

impl Sources {
    /// All files of `src` without unit tests and fuzzing.
    pub(super) fn of_the_crate() -> Self {
        let mut texts = Vec::new();
        read_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &[], &mut texts);
        Self::new(texts)
    }

    pub(super) fn new(texts: impl IntoIterator<Item = (Module, String)>) -> Self {
        Self(texts.into_iter().map(|(module, text)| (module, Source::parse(&text))).collect())
    }

    pub(super) fn graph(&self) -> Graph {
        let modules = self.0.keys().filter(|module| !module.is_empty());
        modules.map(|module| (module.clone(), self.imports(module))).collect()
    }

    /// The absolute paths that a file names. A path to a re-export is left as it is.
    pub(super) fn names(&self, module: &Module) -> BTreeSet<Vec<String>> {
        let Source { declarations, paths, .. } = &self.0[module];
        let declared = declarations.iter().filter(|declaration| !declaration.is_re_export);
        let all = declared.map(|declaration| &declaration.path).chain(paths);
        all.filter_map(|path| absolute(module, path)).collect()
    }

    fn imports(&self, module: &Module) -> BTreeSet<Module> {
        let files = self.names(module).into_iter().filter_map(|path| self.file_of(&path, 0));
        files.filter(|file| file != module && !file.is_empty()).collect()
    }

    /// The file that defines an item. `use` declarations are followed to other files.
    fn file_of(&self, path: &[String], depth: usize) -> Option<Module> {
        let (length, source) =
            (0..=path.len()).rev().find_map(|length| Some((length, self.0.get(&path[..length])?)))?;
        let (module, rest) = (path[..length].to_vec(), &path[length..]);
        let Some(name) = rest.first().filter(|name| *name != "*" && depth < 9) else { return Some(module) };
        let named = source.declarations.iter().filter(|declaration| declaration.name == *name);
        let targets = named.filter_map(|declaration| absolute(&module, &declaration.path));
        let mut others = targets.filter(|target| target != path).map(|target| [&target, &rest[1..]].concat());
        if let Some(file) = others.find_map(|target| self.file_of(&target, depth + 1)) {
            return Some(file);
        }
        let globs = source.declarations.iter().filter(|declaration| declaration.name == "*");
        let folders = globs.filter_map(|glob| absolute(&module, &glob.path[..glob.path.len() - 1]));
        let mut files = folders.filter_map(|folder| self.file_of(&[&folder, rest].concat(), depth + 1));
        let defines = |file: &Module| self.0[file].items.contains(name);
        Some(files.find(|file| !defines(&module) && defines(file)).unwrap_or(module))
    }
}

fn read_folder(folder: &Path, module: &[String], into: &mut Vec<(Module, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if name == "tests" || (module.is_empty() && ["fuzzing", "bin", "main"].contains(&name.as_str())) {
            continue;
        }
        let is_root = module.is_empty() && name == "lib";
        let module = if is_root { Vec::new() } else { [module, &[name]].concat() };
        if path.is_dir() {
            read_folder(&path, &module, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push((module, std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n")));
        }
    }
}

impl Source {
    fn parse(text: &str) -> Self {
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        let mut lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let (mut declarations, mut code) = (Vec::new(), String::new());
        while let Some(line) = lines.next() {
            let Some((is_re_export, start)) = use_declaration(line) else {
                code += line;
                code.push('\n');
                continue;
            };
            let mut tree = start.to_owned();
            while !tree.contains(';') {
                tree += lines.next().unwrap();
            }
            expand(&[], tree.split(';').next().unwrap(), is_re_export, &mut declarations);
        }
        let words = code.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
        let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
        let is_keyword = |word: &str| ["const", "enum", "fn", "static", "struct", "trait", "type"].contains(&word);
        let items = words.windows(2).filter(|pair| is_keyword(pair[0])).map(|pair| pair[1].to_owned()).collect();
        let words = words.into_iter().filter(|word| word.contains("::"));
        Self { declarations, items, paths: words.map(split).filter(|path| !path.is_empty()).collect() }
    }
}

/// Whether a `use` declaration is a re-export, and its tree; `None` for another line.
fn use_declaration(line: &str) -> Option<(bool, &str)> {
    let line = line.trim_start();
    if let Some(tree) = line.strip_prefix("use ") {
        return Some((false, tree));
    }
    let line = line.strip_prefix("pub")?;
    let line = if line.starts_with('(') { line.split_once(')')?.1 } else { line };
    Some((true, line.strip_prefix(" use ")?))
}

fn split(path: &str) -> Vec<String> {
    path.split("::").map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

/// Adds each path of a tree like `a::{self, b as c, d::{E, F}}`.
fn expand(prefix: &[String], tree: &str, is_re_export: bool, into: &mut Vec<Declaration>) {
    let Some((head, body)) = tree.split_once('{') else {
        let (path, alias) = tree.split_once(" as ").map_or((tree, None), |(path, alias)| (path, Some(alias.trim())));
        let mut path = [prefix, &split(path)].concat();
        if path.last().is_some_and(|part| part == "self") && path.len() > 1 {
            path.pop();
        }
        let name = alias.or_else(|| path.last().map(String::as_str));
        into.extend(name.map(|name| Declaration { name: name.to_owned(), path: path.clone(), is_re_export }));
        return;
    };
    let prefix = [prefix, &split(head)].concat();
    let body = body.rsplit_once('}').map_or(body, |(body, _)| body);
    let mut depth = 0;
    for part in body.split(|c| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    }) {
        if !part.trim().is_empty() {
            expand(&prefix, part, is_re_export, into);
        }
    }
}

/// A path from the root of the crate. `None` for a path above it.
fn absolute(module: &[String], path: &[String]) -> Option<Vec<String>> {
    let ups = path.iter().take_while(|part| *part == "super").count();
    match path.first()?.as_str() {
        "crate" => Some(path[1..].to_vec()),
        "self" => Some([module, &path[1..]].concat()),
        "super" if ups <= module.len() => Some([&module[..module.len() - ups], &path[ups..]].concat()),
        "super" => None,
        _ => Some([module, path].concat()),
    }
}
