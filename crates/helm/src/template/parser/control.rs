//! `if`, `range`, `with` and their like.

use super::{
    super::ast::{Branch, List, Node, Pipe},
    Ending, Item, Kind, Parser, Result,
};

impl Parser<'_> {
    /// What follows `{{`.
    pub(super) fn action(&mut self) -> Result<Item> {
        let token = self.next_solid();
        let node = match token.kind {
            Kind::Block => self.block()?,
            Kind::Break => self.jump("break", Node::Break)?,
            Kind::Continue => self.jump("continue", Node::Continue)?,
            Kind::Else => {
                let next = self.peek_solid();
                if !matches!(next.kind, Kind::If | Kind::With) {
                    self.expect(Kind::RightDelimiter, "else")?;
                }
                return Ok(Item::Ending(Ending::Else));
            }
            Kind::End => {
                self.expect(Kind::RightDelimiter, "end")?;
                return Ok(Item::Ending(Ending::End));
            }
            Kind::If => Node::If(self.branch("if")?),
            Kind::Range => Node::Range(self.branch("range")?),
            Kind::With => Node::With(self.branch("with")?),
            Kind::Template => self.template()?,
            _ => {
                self.back(token);
                Node::Action(self.pipeline("command", Kind::RightDelimiter)?)
            }
        };
        Ok(Item::Node(node))
    }

    fn jump(&mut self, keyword: &str, node: Node) -> Result<Node> {
        let token = self.next_solid();
        if token.kind != Kind::RightDelimiter {
            return self.unexpected(token, &format!("{{{{{keyword}}}}}"));
        }
        if self.scope.ranges == 0 {
            return self.fail(format!("{{{{{keyword}}}}} outside {{{{range}}}}"));
        }
        Ok(node)
    }

    /// The rest of an `if`, `range` or `with`. Its variables are known until its end.
    fn branch(&mut self, context: &str) -> Result<Branch> {
        let known = self.scope.names.len();
        let mut arms: Vec<(Pipe, List)> = Vec::new();
        let otherwise = loop {
            let pipe = self.pipeline(context, Kind::RightDelimiter)?;
            self.scope.ranges += usize::from(context == "range");
            let (then, ending) = self.list()?;
            self.scope.ranges -= usize::from(context == "range");
            arms.push((pipe, then));
            if ending == Ending::End {
                break None;
            }
            let next = self.peek();
            if (context == "if" && next.kind == Kind::If) || (context == "with" && next.kind == Kind::With) {
                self.next();
                continue;
            }
            let (otherwise, ending) = self.list()?;
            if ending != Ending::End {
                return self.fail(format!("expected end; found {}", ending.show()));
            }
            break Some(otherwise);
        };
        self.scope.names.truncate(known);
        Ok(Branch { arms: arms.into(), otherwise })
    }

    fn template(&mut self) -> Result<Node> {
        const CONTEXT: &str = "template clause";
        let token = self.next_solid();
        let name = self.template_name(token, CONTEXT)?;
        let next = self.next_solid();
        let pipe = if next.kind == Kind::RightDelimiter {
            None
        } else {
            self.back(next);
            Some(self.pipeline(CONTEXT, Kind::RightDelimiter)?)
        };
        Ok(Node::Template { at: token.start as u32, name, pipe })
    }

    /// `block` defines a template and calls it.
    fn block(&mut self) -> Result<Node> {
        const CONTEXT: &str = "block clause";
        let token = self.next_solid();
        let name = self.template_name(token, CONTEXT)?;
        let pipe = self.pipeline(CONTEXT, Kind::RightDelimiter)?;
        self.body(name.clone(), CONTEXT)?;
        Ok(Node::Template { at: token.start as u32, name, pipe: Some(pipe) })
    }
}
