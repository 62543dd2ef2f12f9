# perl hold-terminal.pl SPOOL COMMAND UID, in a session's directory: runs a shell's COMMAND on a new terminal of the user
# UID, appends what it prints to SPOOL, and types what comes in standard input. What cannot be written is counted in the file `lost`.
use strict;
use warnings;
use Fcntl;
use Errno;

my ($spool_path, $command, $owner) = @ARGV;
my ($get_number, $unlock) = (0x80045430, 0x40045431);    # TIOCGPTN, TIOCSPTLCK: ioctl_tty(2)

sysopen my $terminal, '/dev/ptmx', O_RDWR | O_NOCTTY | O_NONBLOCK or die "/dev/ptmx: $!\n";
my $locked = pack 'i', 0;
ioctl $terminal, $unlock, $locked or die "/dev/ptmx: $!\n";
my $number = pack 'i', 0;
ioctl $terminal, $get_number, $number or die "/dev/ptmx: $!\n";
my $path = '/dev/pts/' . unpack 'i', $number;
$owner == $> or chown $owner, -1, $path or die "$path: $!\n";
# Kept open: while a program closes the terminal and another opens it, nothing ends.
sysopen my $program_side, $path, O_RDWR | O_NOCTTY or die "$path: $!\n";

# Written in full at once, so that a full disk has room for the count.
sysopen my $lost, 'lost', O_RDWR | O_CREAT or die "lost: $!\n";
my $bytes_lost = 0;
write_lost('');

my $ended = 0;
$SIG{CHLD} = sub { $ended = 1 };
my $child = fork // die "fork: $!\n";
if ($child == 0) {
    open STDIN,  '<&', $program_side or die "$path: $!\n";
    open STDOUT, '>&', $program_side or die "$path: $!\n";
    open STDERR, '>&', $program_side or die "$path: $!\n";
    exec '/usr/bin/setsid', '--ctty', '/bin/sh', '-c', $command or die "/usr/bin/setsid: $!\n";
}
# A limit on the size of files is to be an error of its own, not the end of this process.
$SIG{XFSZ} = 'IGNORE';
# The sign that all is ready.
sysopen my $spool, $spool_path, O_WRONLY | O_APPEND | O_CREAT or die "$spool_path: $!\n";

my $keys = '';
until ($ended) {
    my ($readable, $writable) = ('', '');
    vec($readable, fileno $terminal, 1) = 1;
    if ($keys eq '') { vec($readable, 0, 1) = 1 }
    else             { vec($writable, fileno $terminal, 1) = 1 }
    # Not for ever: the child may end in the very moment before.
    my $count = select $readable, $writable, undef, 1;
    if ($count <= 0) {
        $ended ||= waitpid($child, 1) == $child;
        next;
    }
    # Not for ever: keys are to get through a flood.
    for (1 .. 64) { last if !keep_output() }
    sysread STDIN, $keys, 4096 if $keys eq '' && vec $readable, 0, 1;
    next if $keys eq '';
    my $typed = syswrite $terminal, $keys;
    substr $keys, 0, $typed, '' if defined $typed;
}
1 while keep_output();

# Appends what the terminal has printed; false when there is nothing.
sub keep_output {
    my $count = sysread $terminal, my $bytes, 65536;
    return 0 if !$count;
    for (my $at = 0; $at < $count;) {
        my $written = syswrite $spool, $bytes, $count - $at, $at;
        if    (defined $written) { $at += $written }
        elsif (!$!{EINTR})       { $bytes_lost += $count - $at; write_lost("$!"); last }
    }
    return 1;
}

# Writes down how many bytes were lost, and why; without that, the terminal ends.
sub write_lost {
    my ($why) = @_;
    my $line = sprintf "%-20d%-200.200s\n", $bytes_lost, $why;
    sysseek $lost, 0, 0;
    my $written = syswrite $lost, $line;
    die "lost: $!\n" if !defined $written || $written < length $line;
}
