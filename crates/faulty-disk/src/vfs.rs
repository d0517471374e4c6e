//! The layer between SQLite and the real files: everything goes through to the
//! system's own layer, is noted on the [`Disk`], or fails where it says so.
//!
//! SQLite calls it by C pointers. What its documentation promises of them
//! (<https://sqlite.org/c3ref/vfs.html>, <https://sqlite.org/c3ref/io_methods.html>)
//! is what every `unsafe` here relies on: a file is used only between `xOpen`
//! and `xClose`, its memory is `szOsFile` bytes that SQLite allocated, buffers
//! are as long as it says, and names are C strings.

use rusqlite::ffi::{self, sqlite3_file, sqlite3_io_methods, sqlite3_vfs};
use std::ffi::{CStr, c_char, c_int, c_void};
use std::io;
use std::ptr;
use std::sync::{Arc, Mutex, OnceLock};

use crate::disk::{Access, Disk, Failure, Fate, lock};
use crate::file::File;

/// A file of ours; the system's own lies behind it in the same memory.
#[repr(C)]
struct OpenFile {
    base: sqlite3_file,
    note: *mut Note,
}

/// What we keep of an open file.
struct Note {
    disk: Disk,
    name: String,
    file: Arc<Mutex<File>>,
    /// The first sync is to sync the folder, too.
    sync_folder: bool,
}

/// A pointer that SQLite never frees and threads may share.
struct Layer(*mut sqlite3_vfs);

// SAFETY: a registered layer is never changed, and SQLite calls it from any thread.
unsafe impl Send for Layer {}
// SAFETY: as above.
unsafe impl Sync for Layer {}

static SYSTEM: OnceLock<Layer> = OnceLock::new();
static OURS: OnceLock<Result<Layer, c_int>> = OnceLock::new();

/// Has SQLite open all files through this layer from now on.
pub fn register() -> io::Result<()> {
    let ours = OURS.get_or_init(|| {
        // SAFETY: finding the default layer has no conditions; the bundled SQLite has one.
        let system = SYSTEM.get_or_init(|| Layer(unsafe { ffi::sqlite3_vfs_find(ptr::null()) })).0;
        if system.is_null() {
            return Err(ffi::SQLITE_ERROR);
        }
        // SAFETY: `system` is a registered layer. The copy differs in how files are opened and deleted alone,
        // and all other functions get a layer with the system's own data.
        let mut layer = unsafe { *system };
        layer.szOsFile += size_of::<OpenFile>() as c_int;
        layer.pNext = ptr::null_mut();
        layer.zName = c"faulty-disk".as_ptr();
        layer.xOpen = Some(open);
        layer.xDelete = Some(delete);
        let layer = Box::into_raw(Box::new(layer));
        // SAFETY: the layer lives for ever.
        match unsafe { ffi::sqlite3_vfs_register(layer, 1) } {
            ffi::SQLITE_OK => Ok(Layer(layer)),
            code => Err(code),
        }
    });
    match ours {
        Ok(_) => Ok(()),
        Err(code) => Err(io::Error::other(format!("SQLite takes no other file system: code {code}"))),
    }
}

/// Sets `synchronous=NORMAL` on every new connection to a weak disk; later words to the contrary are not passed on.
pub fn register_weakening() {
    // SAFETY: the function stays; registering it twice does nothing.
    unsafe { ffi::sqlite3_auto_extension(Some(weaken)) };
}

unsafe extern "C" fn weaken(
    db: *mut ffi::sqlite3,
    _: *mut *mut c_char,
    _: *const ffi::sqlite3_api_routines,
) -> c_int {
    // SAFETY: `db` is open; the name is a C string as long as it is, or null.
    let path = unsafe { ffi::sqlite3_db_filename(db, c"main".as_ptr()) };
    if path.is_null() {
        return ffi::SQLITE_OK;
    }
    // SAFETY: as above.
    let disk = Disk::of(unsafe { CStr::from_ptr(path) });
    if disk.is_some_and(|(disk, _)| disk.is_weak()) {
        let sql = c"PRAGMA synchronous=NORMAL".as_ptr();
        // SAFETY: `db` is open, the text ends in zero.
        return unsafe { ffi::sqlite3_exec(db, sql, None, ptr::null_mut(), ptr::null_mut()) };
    }
    ffi::SQLITE_OK
}

fn system() -> &'static sqlite3_vfs {
    // SAFETY: set before this layer was registered, and never freed.
    unsafe { &*SYSTEM.get().expect("registered").0 }
}

unsafe extern "C" fn open(
    _: *mut sqlite3_vfs,
    name: *const c_char,
    file: *mut sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    let pass_on = system().xOpen.expect("every layer opens files");
    let layer = SYSTEM.get().expect("registered").0;
    // SAFETY: SQLite's names are C strings; temporary files have none.
    let found = if name.is_null() { None } else { Disk::of(unsafe { CStr::from_ptr(name) }) };
    let Some((disk, short)) = found else {
        // SAFETY: what SQLite gave us, given on; the memory is larger than the system's layer needs.
        return unsafe { pass_on(layer, name, file, flags, out) };
    };
    let ours = file.cast::<OpenFile>();
    // SAFETY: the memory is `szOsFile` bytes. No methods: it is not open yet.
    unsafe {
        ptr::write(ours, OpenFile { base: sqlite3_file { pMethods: ptr::null() }, note: ptr::null_mut() })
    };
    match disk.access(Access::Open, &short) {
        Fate::Done => {}
        Fate::Failed(_) | Fate::Off => return ffi::SQLITE_CANTOPEN,
    }
    // SAFETY: the system's own file lies behind ours, in memory that was asked for it.
    let code = unsafe { pass_on(layer, name, behind(file), flags, out) };
    if code == ffi::SQLITE_OK {
        let noted = disk.open(&short);
        let side = ffi::SQLITE_OPEN_WAL | ffi::SQLITE_OPEN_MAIN_JOURNAL | ffi::SQLITE_OPEN_SUPER_JOURNAL;
        // Whether or not it was there before: so does SQLite's Unix layer.
        let sync_folder = flags & side != 0 && flags & ffi::SQLITE_OPEN_CREATE != 0;
        let note = Note { disk, name: short, file: noted, sync_folder };
        let base = sqlite3_file { pMethods: &METHODS };
        // SAFETY: as above.
        unsafe { ptr::write(ours, OpenFile { base, note: Box::into_raw(Box::new(note)) }) };
    }
    code
}

unsafe extern "C" fn delete(_: *mut sqlite3_vfs, name: *const c_char, sync_folder: c_int) -> c_int {
    // SAFETY: SQLite's names are C strings.
    let found = Disk::of(unsafe { CStr::from_ptr(name) });
    if let Some((disk, short)) = &found
        && disk.access(Access::Delete, short) != Fate::Done
    {
        return ffi::SQLITE_IOERR_DELETE;
    }
    let pass_on = system().xDelete.expect("every layer deletes files");
    // SAFETY: what SQLite gave us, given on; our own disks' folders are not synced for real.
    let code = unsafe {
        pass_on(SYSTEM.get().expect("registered").0, name, if found.is_some() { 0 } else { sync_folder })
    };
    if let Some((disk, short)) = found
        && code == ffi::SQLITE_OK
    {
        disk.delete(&short);
        if sync_folder != 0 {
            disk.sync_folder();
        }
    }
    code
}

/// The system's own file.
fn behind(file: *mut sqlite3_file) -> *mut sqlite3_file {
    file.wrapping_byte_add(size_of::<OpenFile>())
}

/// What we noted of an open file.
///
/// # Safety
/// The file is open, and was opened by this layer.
unsafe fn note<'a>(file: *mut sqlite3_file) -> &'a mut Note {
    // SAFETY: set by `open`, freed by `close`; SQLite uses a file from one thread at a time.
    unsafe { &mut *(*file.cast::<OpenFile>()).note }
}

/// Calls the same method of the system's own file; `$code` where it has none.
macro_rules! pass_on {
    ($file:expr, $method:ident, $code:expr $(, $argument:expr)*) => {{
        let behind = behind($file);
        // SAFETY: the file behind is open as long as ours; the arguments are SQLite's own.
        unsafe {
            match (*(*behind).pMethods).$method {
                Some(method) => method(behind $(, $argument)*),
                None => $code,
            }
        }
    }};
}

static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    // Without the third version's memory mapping, which would go past us.
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock_file),
    xUnlock: Some(unlock_file),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    let code = pass_on!(file, xClose, ffi::SQLITE_OK);
    // SAFETY: the note was boxed by `open`, and the file is not used after this.
    drop(unsafe { Box::from_raw((*file.cast::<OpenFile>()).note) });
    code
}

unsafe extern "C" fn read(file: *mut sqlite3_file, to: *mut c_void, count: c_int, offset: i64) -> c_int {
    // SAFETY: SQLite reads open files only.
    let note = unsafe { note(file) };
    match note.disk.access(Access::Read, &note.name) {
        Fate::Done => pass_on!(file, xRead, ffi::SQLITE_IOERR_READ, to, count, offset),
        Fate::Failed(_) | Fate::Off => ffi::SQLITE_IOERR_READ,
    }
}

unsafe extern "C" fn write(file: *mut sqlite3_file, from: *const c_void, count: c_int, offset: i64) -> c_int {
    // SAFETY: SQLite writes to open files only.
    let note = unsafe { note(file) };
    let fate = note.disk.access(Access::Write, &note.name);
    let count = match fate {
        Fate::Failed(Failure::Full) => count / 2,
        Fate::Failed(_) => return ffi::SQLITE_IOERR_WRITE,
        Fate::Done | Fate::Off => count,
    };
    // SAFETY: the buffer is that long.
    let bytes = unsafe { std::slice::from_raw_parts(from.cast::<u8>(), count as usize) };
    lock(&note.file).write(offset as usize, bytes);
    if fate == Fate::Off {
        return ffi::SQLITE_IOERR_WRITE;
    }
    let code = pass_on!(file, xWrite, ffi::SQLITE_IOERR_WRITE, from, count, offset);
    if fate == Fate::Done { code } else { ffi::SQLITE_FULL }
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, size: i64) -> c_int {
    // SAFETY: SQLite truncates open files only.
    let note = unsafe { note(file) };
    match note.disk.access(Access::Truncate, &note.name) {
        Fate::Done => {
            lock(&note.file).truncate(size as usize);
            pass_on!(file, xTruncate, ffi::SQLITE_IOERR_TRUNCATE, size)
        }
        Fate::Failed(_) | Fate::Off => ffi::SQLITE_IOERR_TRUNCATE,
    }
}

/// Noted, and not done: nothing here is worth the real disk's time.
unsafe extern "C" fn sync(file: *mut sqlite3_file, _: c_int) -> c_int {
    // SAFETY: SQLite syncs open files only.
    let note = unsafe { note(file) };
    match note.disk.access(Access::Sync, &note.name) {
        Fate::Done => {
            lock(&note.file).sync();
            if std::mem::take(&mut note.sync_folder) {
                note.disk.sync_folder();
            }
            ffi::SQLITE_OK
        }
        Fate::Failed(_) => {
            lock(&note.file).fail_sync();
            ffi::SQLITE_IOERR_FSYNC
        }
        Fate::Off => ffi::SQLITE_IOERR_FSYNC,
    }
}

unsafe extern "C" fn file_size(file: *mut sqlite3_file, size: *mut i64) -> c_int {
    // SAFETY: SQLite asks open files only.
    let note = unsafe { note(file) };
    match note.disk.access(Access::Size, &note.name) {
        Fate::Done => pass_on!(file, xFileSize, ffi::SQLITE_IOERR_FSTAT, size),
        Fate::Failed(_) | Fate::Off => ffi::SQLITE_IOERR_FSTAT,
    }
}

unsafe extern "C" fn file_control(file: *mut sqlite3_file, what: c_int, argument: *mut c_void) -> c_int {
    // SAFETY: SQLite controls open files only.
    let note = unsafe { note(file) };
    if what == ffi::SQLITE_FCNTL_PRAGMA && note.disk.is_weak() {
        let words = argument.cast::<*const c_char>();
        // SAFETY: for this control the argument is an array whose second and third strings are
        // the pragma's name and value, the latter perhaps null.
        let (name, value) = unsafe { (*words.add(1), *words.add(2)) };
        // SAFETY: as above.
        let is = |word: *const c_char, text: &str| unsafe {
            !word.is_null() && CStr::from_ptr(word).to_bytes().eq_ignore_ascii_case(text.as_bytes())
        };
        if is(name, "synchronous") && is(value, "full") {
            return ffi::SQLITE_OK;
        }
    }
    pass_on!(file, xFileControl, ffi::SQLITE_NOTFOUND, what, argument)
}

unsafe extern "C" fn lock_file(file: *mut sqlite3_file, level: c_int) -> c_int {
    pass_on!(file, xLock, ffi::SQLITE_IOERR_LOCK, level)
}

unsafe extern "C" fn unlock_file(file: *mut sqlite3_file, level: c_int) -> c_int {
    pass_on!(file, xUnlock, ffi::SQLITE_IOERR_UNLOCK, level)
}

unsafe extern "C" fn check_reserved_lock(file: *mut sqlite3_file, out: *mut c_int) -> c_int {
    pass_on!(file, xCheckReservedLock, ffi::SQLITE_IOERR_LOCK, out)
}

unsafe extern "C" fn sector_size(file: *mut sqlite3_file) -> c_int {
    pass_on!(file, xSectorSize, 4096)
}

unsafe extern "C" fn device_characteristics(file: *mut sqlite3_file) -> c_int {
    // Whatever the real file system promises besides, this disk does not.
    pass_on!(file, xDeviceCharacteristics, 0) & ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE
}

unsafe extern "C" fn shm_map(
    file: *mut sqlite3_file,
    page: c_int,
    size: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    pass_on!(file, xShmMap, ffi::SQLITE_IOERR_SHMMAP, page, size, extend, out)
}

unsafe extern "C" fn shm_lock(file: *mut sqlite3_file, offset: c_int, count: c_int, flags: c_int) -> c_int {
    pass_on!(file, xShmLock, ffi::SQLITE_IOERR_SHMLOCK, offset, count, flags)
}

unsafe extern "C" fn shm_barrier(file: *mut sqlite3_file) {
    pass_on!(file, xShmBarrier, ());
}

unsafe extern "C" fn shm_unmap(file: *mut sqlite3_file, delete: c_int) -> c_int {
    pass_on!(file, xShmUnmap, ffi::SQLITE_OK, delete)
}
