using System.Diagnostics.CodeAnalysis;
using FraudEngine.Domain;
using FraudEngine.Engine.Lists;
using FraudEngine.Telemetry;

namespace FraudEngine.Hosting;

/// <summary>
/// Keeps named lists as the text files of a folder have them: <c>blocked-merchants.txt</c> is the list <c>blocked-merchants</c>. The folder is read at the start
/// and, whenever something in it changes, again as soon as it is quiet; so no file is taken that is half written, or gone for the moment in which an editor
/// replaces it.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "DisposeAsync disposes of all that holds more than memory.")]
public sealed class ListFiles : IAsyncDisposable
{
    private const string Extension = ".txt";
    private const int BytesMax = 128 << 20;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly string? _folder;
    private readonly ILogger _log;
    private readonly TimeProvider _clock;
    private readonly ITimer _retry;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly Dictionary<string, Stamp> _read = [];
    private FileWatch? _watch;

    private ListFiles(string? folder, ListBook lists, TimeProvider clock, ILogger log)
    {
        _folder = folder;
        Lists = lists;
        _log = log;
        _clock = clock;
        _retry = clock.CreateTimer(_ => _ = ReadAsync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The lists, of which the files are some.</summary>
    public ListBook Lists { get; }

    /// <summary>Reads the files.</summary>
    /// <param name="folder">Null where there is none.</param>
    public static async Task<ListFiles> OpenAsync(string? folder, ListBook lists, TimeProvider clock, ILogger log)
    {
        var files = new ListFiles(folder, lists, clock, log);
        await files.ReadAsync();
        return files;
    }

    /// <summary>Begins to watch them.</summary>
    public void Watch()
    {
        if (_folder is null)
        {
            return;
        }

        try
        {
            _watch = new FileWatch(_folder, static name => name.EndsWith(Extension, StringComparison.Ordinal), ReadAsync, _clock);

            // What has changed since they were read.
            _watch.CallWhenQuiet();
        }
        catch (IOException reason)
        {
            _log.ListsNotWatched(_folder, reason);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _watch?.Dispose();
        await _retry.DisposeAsync();

        // What is being read is stored before the store goes.
        await _gate.WaitAsync();
    }

    private async Task ReadAsync()
    {
        await _gate.WaitAsync();
        try
        {
            FileInfo[] files = _folder is null ? [] : [.. new DirectoryInfo(_folder).EnumerateFiles("*" + Extension).OrderBy(static file => file.Name, StringComparer.Ordinal)];
            foreach (var file in files)
            {
                await ReadAsync(file);
            }

            foreach (var list in Lists.Summaries.Where(list => list.IsFromFile && !Array.Exists(files, file => file.Name == list.Owner)).ToList())
            {
                await Lists.ReleaseAsync(list.Name);
                _read.Remove(list.Owner);
                _log.ListFileGone(list.Name, list.Owner);
            }
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            // The folder can't be read, or the lists not be stored.
            _log.ListsNotRead(_folder ?? "", reason);
            _retry.Change(RetryAfter, Timeout.InfiniteTimeSpan);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task ReadAsync(FileInfo file)
    {
        var stamp = Stamp.Of(file);
        if (_read.GetValueOrDefault(file.Name) == stamp)
        {
            return;
        }

        var name = Path.GetFileNameWithoutExtension(file.Name);
        if (!ListBook.IsName(name))
        {
            _read[file.Name] = stamp;
            _log.ListFileNotTaken(file.FullName, "its name is no list's: small letters, digits and hyphens, at most 64, and .txt");
            return;
        }

        if (await ParseAsync(file) is { } entries)
        {
            var result = await Lists.TakeFileAsync(name, file.Name, entries);
            if (result.Refusal != ListRefusal.None)
            {
                _log.ListFileNotTaken(file.FullName, result.Refusal == ListRefusal.TooManyLists ? $"there are {ListBook.ListsMax:N0} lists already" : $"all lists together would have more than {ListEntries.CountMax:N0} entries");
            }
            else
            {
                _log.ListFileTaken(file.FullName, name, result.List!.Count, result.Added, result.Changed, result.Removed);
            }
        }

        _read[file.Name] = stamp;
    }

    /// <summary>Null, and logged, where the file can't be read or is wrong.</summary>
    private async Task<ListEntries?> ParseAsync(FileInfo file)
    {
        try
        {
            return ListText.Read(file.Length <= BytesMax ? await File.ReadAllBytesAsync(file.FullName) : throw new ListFormatException($"it has more than {BytesMax >> 20} MiB"));
        }
        catch (Exception reason) when (reason is ListFormatException or IOException or UnauthorizedAccessException)
        {
            _log.ListFileNotTaken(file.FullName, reason.Message);
            return null;
        }
    }

    /// <summary>What tells whether a file has changed.</summary>
    private sealed record Stamp(string Path, long Length, DateTime WrittenUtc)
    {
        public static Stamp Of(FileInfo file)
        {
            // A link that leads elsewhere now is another file.
            var target = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            return new Stamp(target.FullName, target.Exists ? target.Length : 0, target.LastWriteTimeUtc);
        }
    }
}
