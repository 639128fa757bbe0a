//! TIFF where no photos are read, but published pictures alone, of which none is one.

use crate::deep::Deep;
use crate::error::PictureError;
use crate::profile::Profile;
use crate::samples::Samples;
use std::convert::Infallible;
use std::marker::PhantomData;

/// There is none.
pub(crate) struct Container<'a> {
    pub(crate) channels: usize,
    none: Infallible,
    file: PhantomData<&'a [u8]>,
}

impl<'a> Container<'a> {
    pub(crate) fn read(_: &'a [u8]) -> Result<Container<'a>, PictureError> {
        Err(PictureError::PublishedTiff)
    }

    pub(crate) fn exif(&self) -> &'a [u8] {
        match self.none {}
    }

    pub(crate) fn profile(&self) -> Result<Option<Profile>, PictureError> {
        match self.none {}
    }

    pub(crate) fn turned_by_text(&self) -> Option<&'static str> {
        match self.none {}
    }

    pub(crate) fn samples(&self, _: Deep) -> Result<Samples, PictureError> {
        match self.none {}
    }
}
