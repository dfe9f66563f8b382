//! What a measured piece of work cost this process in processor time, and the memory it has.

/// Processor seconds of this process so far, its threads included; `None` where the system doesn't tell (it's read from
/// `/proc`, in hundredths of a second).
pub(super) fn seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The program's name, in brackets, may hold blanks; after it come the state and ten more fields, then the two times.
    let (_, after) = stat.rsplit_once(')')?;
    let mut times = after.split_whitespace().skip(11).map(str::parse::<f64>);
    let (user, system) = (times.next()?.ok()?, times.next()?.ok()?);
    Some((user + system) / 100.0)
}

/// Megabytes of memory that this process has now; `None` where the system doesn't tell.
pub(super) fn memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes / 1024)
}

#[cfg(test)]
mod tests {
    #[test]
    #[cfg(target_os = "linux")]
    fn work_costs_time() {
        let before = super::seconds().unwrap();
        let mut sum = 0_u64;
        while super::seconds().unwrap() - before < 0.05 {
            sum = sum.wrapping_add(std::hint::black_box(1));
        }
        assert!(sum > 0);
    }
}
