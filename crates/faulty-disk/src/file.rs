//! One file: what is surely on the disk, and what was written since.

/// What a disk writes whole or not at all, in bytes.
const SECTOR: usize = 512;

/// A change that was not synced yet.
enum Change {
    /// At most one sector, and within it.
    Write {
        offset: usize,
        bytes: Vec<u8>,
    },
    Truncate {
        size: usize,
    },
}

/// A file as the disk has it.
#[derive(Default)]
pub struct File {
    synced: Vec<u8>,
    pending: Vec<Change>,
}

impl File {
    /// A file that is wholly on the disk.
    pub fn synced(content: Vec<u8>) -> Self {
        Self { synced: content, pending: vec![] }
    }

    pub fn write(&mut self, mut offset: usize, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let room = SECTOR - offset % SECTOR;
            let (piece, rest) = bytes.split_at(room.min(bytes.len()));
            self.pending.push(Change::Write { offset, bytes: piece.to_vec() });
            (offset, bytes) = (offset + piece.len(), rest);
        }
    }

    pub fn truncate(&mut self, size: usize) {
        self.pending.push(Change::Truncate { size });
    }

    pub fn sync(&mut self) {
        for change in std::mem::take(&mut self.pending) {
            apply(&mut self.synced, &change);
        }
    }

    /// A sync that failed: what it was to write is not tried again.
    pub fn fail_sync(&mut self) {
        self.pending.clear();
    }

    /// What a power cut leaves, drawn by `random` (below its argument).
    pub fn after_power_cut(&self, random: &mut dyn FnMut(u64) -> u64) -> Vec<u8> {
        let mut content = self.synced.clone();
        // By turns nothing, nearly everything, and anything in between.
        let kept_of_8 = random(9);
        for change in &self.pending {
            if random(8) < kept_of_8 {
                apply(&mut content, change);
            } else if let Change::Write { offset, bytes } = change
                && *offset >= self.synced.len()
                && random(4) == 0
            {
                // The file's new size was noted before its new content was written.
                let garbage = random(256) as u8;
                let filler = if random(2) == 0 { 0 } else { garbage };
                apply(&mut content, &Change::Write { offset: *offset, bytes: vec![filler; bytes.len()] });
            }
        }
        content
    }
}

fn apply(content: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Write { offset, bytes } => {
            let end = offset + bytes.len();
            if content.len() < end {
                content.resize(end, 0);
            }
            content[*offset..end].copy_from_slice(bytes);
        }
        // Making a file longer leaves zeros, too.
        Change::Truncate { size } => content.resize(*size, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Draws `kept` of 8 first, and after that always `then`.
    fn left(file: &File, kept: u64, then: u64) -> Vec<u8> {
        file.after_power_cut(&mut |end| if end == 9 { kept } else { then })
    }

    #[test]
    fn what_was_synced_stays_and_the_rest_may_go() {
        let mut file = File::default();
        file.write(0, &[1; 600]);
        file.sync();
        file.write(100, &[2; 1000]);
        file.truncate(3);
        assert!(left(&file, 0, 1) == [1; 600], "nothing kept");
        assert!(left(&file, 8, 1) == [1; 3], "everything kept");
    }

    #[test]
    fn what_a_failed_sync_was_to_write_is_lost() {
        let mut file = File::synced(vec![1; 600]);
        file.write(0, &[2; 600]);
        file.fail_sync();
        file.sync();
        assert!(left(&file, 8, 1) == [1; 600]);
    }

    #[test]
    fn sectors_go_one_by_one() {
        let mut file = File::synced(vec![1; 1500]);
        file.write(500, &[3; 1000]);
        let mut draws = [4, 0, 7, 0].into_iter();
        let left = file.after_power_cut(&mut |_| draws.next().expect("a draw for each sector"));
        let expected = [vec![1; 500], vec![3; 12], vec![1; 512], vec![3; 476]].concat();
        assert!(left == expected);
    }

    #[test]
    fn a_file_may_grow_without_its_content() {
        let mut file = File::synced(vec![1; 512]);
        file.write(512, &[3; 512]);
        let mut draws = [0, 0, 0, 9, 0].into_iter();
        let left = file.after_power_cut(&mut |_| draws.next().expect("a draw"));
        assert!(left == [[1; 512], [0; 512]].concat());
    }
}
