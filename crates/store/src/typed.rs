//! The store as controllers use it: typed objects, one write at a time.

use futures::future::BoxFuture;
use nagaya_api::{ApiError, RawObject, Resource};

use crate::{Filter, List, Outcome, Owners, Store, StoreError, Tx, Writer};

/// An object being put back, and what it then is.
type Put<'t> = BoxFuture<'t, Result<(RawObject, Outcome), StoreError>>;

impl Store {
    /// The objects of a kind that the filter passes.
    ///
    /// # Errors
    /// When the database fails or holds an object that does not read.
    pub async fn list<R: Resource>(&self, filter: &Filter) -> Result<List<R>, StoreError> {
        let list = self.list_raw(R::KIND, filter, |_| true).await?;
        let items = list.items.iter().map(R::from_raw).collect::<Result<_, ApiError>>()?;
        Ok(List { items, revision: list.revision })
    }

    /// One object, if it is there.
    ///
    /// # Errors
    /// When the database fails or holds an object that does not read.
    pub async fn get<R: Resource>(&self, name: &str) -> Result<Option<R>, StoreError> {
        let raw = self.get_raw(R::KIND, name).await?;
        Ok(raw.as_ref().map(R::from_raw).transpose()?)
    }

    /// Creates an object; the answer has uid, revision and time filled in. Rules of the kind are checked;
    /// references to other objects are not.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`], [`StoreError::Refused`].
    pub async fn create<R: Resource>(&self, writer: Writer, object: R) -> Result<R, StoreError> {
        let raw = object.to_raw().validated()?;
        let made = self.write(writer, move |tx| Box::pin(async move { tx.create(raw).await })).await?;
        Ok(R::from_raw(&made)?)
    }

    /// Replaces metadata and spec (status stays). A non-empty `metadata.resourceVersion` must be the newest.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Conflict`], [`StoreError::Refused`].
    pub async fn update<R: Resource>(&self, writer: Writer, object: R) -> Result<(R, Outcome), StoreError> {
        let raw = object.to_raw().validated()?;
        let (made, outcome) = self
            .write(writer, move |tx| Box::pin(async move { tx.update(raw, Owners::ByChange).await }))
            .await?;
        Ok((R::from_raw(&made)?, outcome))
    }

    /// Changes the newest state of an object's metadata and spec in one transaction; nothing can come between.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Refused`].
    pub async fn modify<R, F>(
        &self,
        writer: Writer,
        name: &str,
        change: F,
    ) -> Result<(R, Outcome), StoreError>
    where
        R: Resource,
        F: FnOnce(&mut R) + Send + 'static,
    {
        self.change(writer, name, change, |tx, object| {
            Box::pin(async move { tx.update(object.to_raw().validated()?, Owners::ByChange).await })
        })
        .await
    }

    /// Changes the newest status of an object in one transaction. Only `status` of what `change` leaves is
    /// taken. Status is not audited and has no owner.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn update_status<R, F>(
        &self,
        writer: Writer,
        name: &str,
        change: F,
    ) -> Result<(R, Outcome), StoreError>
    where
        R: Resource,
        F: FnOnce(&mut R) + Send + 'static,
    {
        self.change(writer, name, change, |tx, object| {
            Box::pin(async move { tx.set_status(R::KIND, &object.meta().name, object.to_raw().status).await })
        })
        .await
    }

    /// Reads an object, changes it and puts of it what `put` puts, in one transaction.
    async fn change<R: Resource>(
        &self,
        writer: Writer,
        name: &str,
        change: impl FnOnce(&mut R) + Send + 'static,
        put: for<'t> fn(&'t mut Tx, R) -> Put<'t>,
    ) -> Result<(R, Outcome), StoreError> {
        let name = name.to_owned();
        let (made, outcome) = self
            .write(writer, move |tx| {
                Box::pin(async move {
                    let mut object = R::from_raw(&tx.need(R::KIND, &name).await?)?;
                    change(&mut object);
                    put(tx, object).await
                })
            })
            .await?;
        Ok((R::from_raw(&made)?, outcome))
    }

    /// Asks for an object's end: it goes at once when it has no finalizers, else it is marked with
    /// `deletionTimestamp`. Returns the object as it then was.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn delete<R: Resource>(&self, writer: Writer, name: &str) -> Result<(R, Outcome), StoreError> {
        let name = name.to_owned();
        let (last, outcome) =
            self.write(writer, move |tx| Box::pin(async move { tx.delete(R::KIND, &name).await })).await?;
        Ok((R::from_raw(&last)?, outcome))
    }

    /// Removes a finalizer; when it was the last of an object being deleted, the object goes. Missing objects
    /// and finalizers are no error: it is done already.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn finalized<R: Resource>(
        &self,
        writer: Writer,
        name: &str,
        finalizer: &str,
    ) -> Result<Outcome, StoreError> {
        let (name, finalizer) = (name.to_owned(), finalizer.to_owned());
        self.write(writer, move |tx| {
            Box::pin(async move {
                let Some(mut object) = tx.get(R::KIND, &name).await? else { return Ok(Outcome::Unchanged) };
                object.metadata.finalizers.retain(|one| *one != finalizer);
                Ok(tx.update(object, Owners::ByChange).await?.1)
            })
        })
        .await
    }
}
