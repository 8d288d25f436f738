using System.Globalization;

namespace FraudEngine.Hosting.Workers;

/// <summary>What the supervisor shows: the lines of all workers, each with its worker's number, and on a terminal a table below them that is drawn anew.</summary>
internal sealed class Screen(TextWriter output, bool isTerminal, TimeProvider clock)
{
    private const string Plain = "\e[0m";
    private static readonly string[] Colours = ["\e[36m", "\e[33m", "\e[35m", "\e[32m", "\e[34m", "\e[31m"];

    private readonly Lock _lock = new();
    private IReadOnlyList<string> _table = [];

    public bool IsTerminal => isTerminal;

    /// <summary>A line of a worker's own.</summary>
    public void Line(int worker, string text)
    {
        var prefix = $"[{worker}] ";
        Write((isTerminal ? Colours[(worker - 1) % Colours.Length] + prefix + Plain : prefix) + text);
    }

    /// <summary>What happened to a worker.</summary>
    public void Event(int worker, string text) => Line(worker, $"{Now()} {text}");

    /// <summary>What the supervisor does.</summary>
    public void Event(string text) => Write($"[cluster] {Now()} {text}");

    public void Table(IReadOnlyList<string> lines)
    {
        // A line that goes on in the next would be counted as one when it is wiped.
        var width = Math.Max(20, Console.WindowWidth - 1);
        lock (_lock)
        {
            Wipe();
            _table = ["", .. lines.Select(line => line.Length > width ? line[..width] : line)];
            Draw();
        }
    }

    private string Now() => clock.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    private void Write(string line)
    {
        lock (_lock)
        {
            Wipe();
            output.WriteLine(line);
            Draw();
        }
    }

    private void Wipe()
    {
        if (_table.Count > 0)
        {
            output.Write($"\e[{_table.Count}F\e[0J");
        }
    }

    private void Draw()
    {
        foreach (var line in _table)
        {
            output.WriteLine(line);
        }
    }
}
