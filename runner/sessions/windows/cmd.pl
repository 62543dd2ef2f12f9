# Runs the lines of one step in cmd under Wine: cmd.pl STATE, the lines on standard input.
# What they print goes to standard output as UTF-8. To descriptor 3 goes how they ended: the exit code, or `x` and the
# code with which cmd itself ended, and the directory in which the next step begins. STATE is a folder below /run/cmd,
# which Windows sees as drive T; it keeps variables and directory from step to step.
use strict;
use warnings;
use Encode ();
use Fcntl qw(F_SETFD F_GETFL F_SETFL FD_CLOEXEC O_NONBLOCK);
use POSIX ();

my $page = 'cp932';
my ($state) = @ARGV;
my ($name) = $state =~ m{([^/]+)$};
my $mark = join '', map { sprintf '%02x', $_ } unpack 'C16', random();
# Wine takes them from the first process; on Windows nobody would see them.
my @foreign = qw(HOME LC_CTYPE LC_MESSAGES LOCPATH LOGNAME TEJUN_STEP USER WINEARCH WINECONFIGDIR WINEDATADIR WINEDEBUG
  WINEDLLDIR0 WINEDLLDIR1 WINEDLLOVERRIDES WINEHOMEDIR WINELOADER WINEPATH WINEPREFIX WINEUSERLOCALE WINEUSERNAME);
delete @ENV{qw(PWD OLDPWD SHLVL SHELL TERM _)};
$| = 1;

open my $result, '>&=', 3 or die "there is no descriptor 3: $!";
fcntl $result, F_SETFD, FD_CLOEXEC;
$SIG{$_} = \&stopped for qw(INT TERM HUP);

mkdir $state;
my @lines = split /\n/, do { local $/; Encode::decode('UTF-8', <STDIN> // '') };
my $base = readEnvironment('base');
my $answer;
$answer = part(@$_) for parts(@lines);
answer(@$answer);

# The lines in parts. A line that uses a variable begins one, so that its value is known; one that appends to a file is one.
sub parts {
  my @parts = ([]);
  for (@_) {
    push @parts, [] if @{ $parts[-1] } && (/%[^%]+%/ || defined appendedBy($_) || defined appendedBy($parts[-1][-1]));
    push @{ $parts[-1] }, $_;
  }
  return @parts;
}

# The file, as Linux names it, to which a line appends at its end.
sub appendedBy {
  my ($line) = @_;
  my ($drive, $path) = $line =~ />>\s*"?([A-Za-z]:)\\([^"<>|]*?)"?\s*$/ or return undef;
  my $place = "$ENV{WINEPREFIX}/dosdevices/" . lc $drive;
  for my $name (split /\\+/, $path) {
    $name = Encode::encode('UTF-8', $name);
    if (!-e "$place/$name" && opendir my $folder, $place) {
      my ($same) = grep { lc eq lc $name } readdir $folder;
      $name = $same // $name;
    }
    $place .= "/$name";
  }
  return $place;
}

# Runs some lines. Returns how they ended and the directory then, or answers, where nothing more may run.
sub part {
  unlink "$state/rc", "$state/env.new", "$state/directory.new";
  put('step.bat', batch(@_));
  my $appended = @_ == 1 ? appendedBy($_[0]) : undef;
  my $size = defined $appended ? -s $appended // 0 : undef;
  my $status;
  for my $try (1 .. 3) {
    unlink "$state/begun";
    $status = run();
    last if -e "$state/begun";
    # Seen once in some thousand steps, on a busy machine: cmd ended with 1 and had done nothing. So nothing is done twice.
    print "cmd could not be started (wait status $status)\n" if $try == 3;
  }

  my ($rc) = (slurp('rc') // '') =~ /^(ok|failed) (-?\d+) *\r?\n$/ ? [$1, $2] : undef;
  my $after = slurp('env.new');
  my $directory = slurp('directory.new');
  # It ended before its last lines: by `exit`, or because something ended it.
  answer('x' . ($status & 127 ? 128 + ($status & 127) : $status >> 8), '') if !$rc || !defined $after || !defined $directory;
  refuse('the step sets a variable ERRORLEVEL, which hides how its commands ended') if $after =~ /^errorlevel=/im;
  my $agrees = $$rc[0] eq 'ok' ? $$rc[1] == 0 : $$rc[1] != 0;
  answer('x125', '') if !$agrees;
  rename "$state/env.new", $base ? "$state/env" : "$state/base";
  rename "$state/directory.new", "$state/directory";
  $directory =~ s/\s+$//;
  my $ended = [$$rc[1], Encode::decode($page, $directory)];
  if (defined $appended && $$rc[1] == 0 && (-s $appended // 0) <= $size) {
    print Encode::encode('UTF-8', "nothing was appended by `$_[0]`\n");
    $$ended[0] = 1;
  }
  answer(@$ended) if $$ended[0] != 0;
  return $ended;
}

# The batch file: what the last step left, the lines, what this one leaves.
sub batch {
  my $own = "T:\\$name";
  # Without that sign nothing may run: it would be run again.
  my @text = ('@echo off', "\@cd >$own\\begun", "\@if not exist $own\\begun exit 1", map { "set $_=" } @foreign);
  if ($base) {
    my $now = readEnvironment('env') // $base;
    for (sort keys %$base) { push @text, "set $_=" if !exists $now->{$_} }
    for (sort keys %$now) {
      next if ($base->{$_} // '') eq $now->{$_};
      refuse("the variable $_ has quotes beside one of & | < > ^, and so cannot be kept for the next line") if "$_$now->{$_}" =~ /"/ && "$_$now->{$_}" =~ /[&|<>^]/;
      push @text, literal("set \"$_=$now->{$_}\"");
    }
    my $before = Encode::decode($page, slurp('directory') // 'C:\\');
    $before =~ s/\s+$//;
    push @text, literal("cd /d \"$before\"");
    my %known = map { uc() => $now->{$_} } keys %$now;
    # What cmd computes itself; nothing in them but the directory could mean anything to it.
    $known{$_} //= '' for qw(DATE TIME RANDOM ERRORLEVEL CMDEXTVERSION);
    $known{CD} //= $before;
    $known{CMDCMDLINE} //= '"';
    for (@_) {
      my $typed = asTyped($_, \%known);
      push @text, '@echo off', $typed;
      push @text, '@if errorlevel 1 goto tejun_failed', '@if not errorlevel 0 goto tejun_failed';
    }
  }
  push @text, "\@echo ok %errorlevel% >$own\\rc", '@goto tejun_left', ':tejun_failed', "\@echo failed %errorlevel% >$own\\rc";
  push @text, ':tejun_left', "\@cd >$own\\directory.new", "\@set >$own\\env.new";
  my $bytes = join '', map { "$_\r\n" } @text;
  my $encoded = eval { Encode::encode($page, $bytes, Encode::FB_CROAK) };
  return $encoded if defined $encoded;
  refuse('the step has characters that are not in code page 932');
}

# A line means what it means when it is typed: in a batch file an unknown %NAME% would vanish, and %i would need %%i.
sub asTyped {
  my ($line, $known) = @_;
  my $out = '';
  while ($line =~ /\G(?:%([^%:=]+)(:[^%]*)?%|(%)|([^%]+))/g) {
    if (defined $4) { $out .= $4; next }
    if (defined $1 && defined(my $value = $known->{ uc $1 })) {
      my ($variable, $next) = ("%$1" . ($2 // '') . '%', substr $line, pos $line, 1);
      my $found = joined($line, $value, substr($line, 0, $-[0]), $next);
      refuse("`$line` uses $variable, whose value has $found: cmd would take it for a part of the command") if $found;
      $out .= $variable;
      next;
    }
    pos($line) = $-[0] + 1;
    $out .= '%%';
  }
  return $out;
}

# What in a variable's value would make another command of a line than the one that was looked at.
sub joined {
  my ($line, $value, $before, $next) = @_;
  return 'a quote' if $value =~ /"/;
  # These read the line once more, the other cmd without the quotes.
  return 'a %' if $value =~ /%/ && $line =~ /\b(?:call|cmd)\b/i;
  $before =~ s/"[^"]*"|\^./_/g;
  return undef if $before =~ /"/ && $line !~ /\bcmd\b/i;
  return $1 if $value =~ /([&|<>^])/;
  return $1 if $line =~ /[()]/ && $value =~ /([()])/;
  return 'a digit before a redirection' if $next =~ /[<>]/ && $value =~ /\d$/;
  return undef;
}

# Runs nothing more, so that nobody takes what did not run for something that failed as expected.
sub refuse {
  my ($why) = @_;
  print Encode::encode('UTF-8', "$why\n");
  answer('x125', '');
}

sub literal { my ($text) = @_; $text =~ s/%/%%/g; return $text }

sub readEnvironment {
  my ($file) = @_;
  my $text = slurp($file);
  return undef if !defined $text;
  return { map { /^([^=]+)=(.*?)\r?$/ ? ($1 => $2) : () } split /\n/, Encode::decode($page, $text) };
}

# Runs the batch file until cmd ends; what it leaves running keeps neither us nor the terminal.
sub run {
  pipe my $from, my $to or die "no pipe: $!";
  pipe my $woken, my $wake or die "no pipe: $!";
  fcntl $_, F_SETFL, (fcntl $_, F_GETFL, 0) | O_NONBLOCK for $from, $woken, $wake;
  local $SIG{CHLD} = sub { syswrite $wake, '.' };
  my $child = fork // die "no process: $!";
  if ($child == 0) {
    # Away from the terminal: what the step starts to stay, a server, is not ended with the session.
    POSIX::setsid();
    open STDIN, '<', '/dev/null';
    open STDOUT, '>&', $to;
    open STDERR, '>&', $to;
    $ENV{TEJUN_STEP} = $mark;
    chdir "$ENV{WINEPREFIX}/drive_c";
    { exec '/run/windows/wine.sh', 'wine', 'C:\windows\system32\cmd.exe', '/c', "T:\\$name\\step.bat" }
    POSIX::_exit(127);
  }
  close $to;
  my ($ended, $status, $rest) = (0, 0, '');
  while (1) {
    my $read = '';
    vec($read, fileno $_, 1) = 1 for $from, $woken;
    select $read, undef, undef, $ended ? 0 : undef;
    my $count = sysread $from, $rest, 65536, length $rest;
    $rest = shown($rest, 0) if $count;
    next if $count;
    last if $ended;
    sysread $woken, my $signs, 4096;
    if (waitpid($child, POSIX::WNOHANG()) == $child) { ($ended, $status) = (1, $?) }
    elsif (defined $count) { waitpid $child, 0; ($ended, $status) = (1, $?) }
  }
  shown($rest, 1);
  # Somebody has to take what a server still prints, or it would be told that its output is gone.
  my $sink = fork;
  if (defined $sink && $sink == 0) {
    POSIX::setsid();
    fcntl $from, F_SETFL, (fcntl $from, F_GETFL, 0) & ~O_NONBLOCK;
    open STDIN, '<&', $from;
    open STDOUT, '>', '/dev/null';
    open STDERR, '>', '/dev/null';
    { exec '/bin/cat' }
    POSIX::_exit(127);
  }
  return $status;
}

# Prints what is complete of some bytes as UTF-8, and returns the rest. A byte that means nothing stays as it is.
sub shown {
  my ($bytes, $last) = @_;
  my $out = '';
  while (length $bytes) {
    $out .= Encode::encode('UTF-8', Encode::decode($page, $bytes, Encode::FB_QUIET));
    last if $bytes eq '' || (!$last && length $bytes == 1 && $bytes =~ /^[\x81-\x9f\xe0-\xfc]/);
    $out .= substr $bytes, 0, 1, '';
  }
  # The terminal adds its own carriage return.
  $bytes = "\r$bytes" if !$last && $out =~ s/\r\z//;
  $out =~ s/\r\n/\n/g;
  for (my $at = 0; $at < length $out; ) { $at += syswrite(STDOUT, $out, length($out) - $at, $at) // last }
  return $bytes;
}

# Ends all that the step has started: it is known by its mark, which every process inherits.
sub stopped {
  my ($signal) = @_;
  $SIG{$_} = 'IGNORE' for qw(INT TERM HUP);
  for my $round (1 .. 200) {
    my @left = grep { marked($_) } map { m{(\d+)} } glob '/proc/[0-9]*';
    last if !@left;
    kill 'KILL', @left;
    select undef, undef, undef, 0.02;
  }
  POSIX::_exit($signal eq 'INT' ? 130 : 143);
}

sub marked {
  my ($pid) = @_;
  return 0 if $pid == $$;
  open my $file, '<', "/proc/$pid/environ" or return 0;
  local $/;
  return index(<$file> // '', "TEJUN_STEP=$mark") >= 0;
}

sub answer {
  my ($code, $directory) = @_;
  print $result Encode::encode('UTF-8', "$code $directory");
  close $result;
  POSIX::_exit(0);
}

sub random { open my $file, '<:raw', '/dev/urandom' or die "no random numbers: $!"; read $file, my $bytes, 16; return $bytes }
sub slurp { my ($file) = @_; open my $in, '<:raw', "$state/$file" or return undef; local $/; return scalar <$in> }
sub put { my ($file, $bytes) = @_; open my $out, '>:raw', "$state/$file" or die "cannot write $state/$file: $!"; print $out $bytes; close $out }
