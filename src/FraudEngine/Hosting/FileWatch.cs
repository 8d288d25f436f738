namespace FraudEngine.Hosting;

/// <summary>
/// Calls back when files of a directory have changed and then been quiet for a moment: an editor writes in several steps. Calls never overlap; a change
/// during one leads to another.
/// </summary>
internal sealed class FileWatch : IDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(200);

    private readonly FileSystemWatcher _watcher;
    private readonly Func<string, bool> _concerns;
    private readonly Func<Task> _changed;
    private readonly SemaphoreSlim _calling = new(1);
    private readonly ITimer _timer;

    /// <param name="concerns">Whether a file, by its name without directory, is watched.</param>
    /// <param name="changed">Must not throw.</param>
    public FileWatch(string directory, Func<string, bool> concerns, Func<Task> changed, TimeProvider clock)
    {
        _concerns = concerns;
        _changed = changed;
        _timer = clock.CreateTimer(_ => _ = CallAsync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _watcher = new FileSystemWatcher(directory) { NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size };
        _watcher.Changed += Notice;
        _watcher.Created += Notice;
        _watcher.Deleted += Notice;
        _watcher.Renamed += Notice;

        // More happened than the system could remember: look at it all.
        _watcher.Error += (_, _) => CallWhenQuiet();
        _watcher.EnableRaisingEvents = true;
    }

    /// <summary>Calls back as if something had changed just now.</summary>
    public void CallWhenQuiet() => _timer.Change(Quiet, Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _watcher.Dispose();
        _timer.Dispose();
        _calling.Dispose();
    }

    private void Notice(object sender, FileSystemEventArgs change)
    {
        // A mounted configuration is changed by renaming a link beside the files, whose name begins with two points.
        var name = Path.GetFileName(change.Name) ?? "";
        if (_concerns(name) || name.StartsWith("..", StringComparison.Ordinal) || (change is RenamedEventArgs { OldName: { } before } && _concerns(before)))
        {
            CallWhenQuiet();
        }
    }

    private async Task CallAsync()
    {
        await _calling.WaitAsync();
        try
        {
            await _changed();
        }
        finally
        {
            _calling.Release();
        }
    }
}
