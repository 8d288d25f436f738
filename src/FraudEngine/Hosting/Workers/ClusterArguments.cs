using System.Globalization;

namespace FraudEngine.Hosting.Workers;

/// <summary>The command line of <c>FraudEngine cluster</c>.</summary>
/// <param name="Nodes">How many workers.</param>
/// <param name="IsApart">Whether the workers are engines that know nothing of each other.</param>
/// <param name="Engine">The options of the workers; <c>{worker}</c> in them stands for the worker's number.</param>
internal sealed record ClusterArguments(int Nodes, bool IsApart, IReadOnlyList<string> Engine)
{
    public const int NodesMax = 64;
    private const string NodesOption = "--nodes";
    private const string Placeholder = "{worker}";

    /// <summary>Throws <see cref="StartException"/> that says what is wrong with them.</summary>
    public static ClusterArguments Parse(IReadOnlyList<string> args)
    {
        string? nodes = null;
        var isApart = false;
        var engine = new List<string>();
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] == NodesOption)
            {
                nodes = ++i < args.Count ? args[i] : "";
            }
            else if (args[i].StartsWith(NodesOption + "=", StringComparison.Ordinal))
            {
                nodes = args[i][(NodesOption.Length + 1)..];
            }
            else if (args[i] == "--apart")
            {
                isApart = true;
            }
            else if (args[i] == "--demo")
            {
                throw new StartException("--demo runs one engine with a feed inside; a cluster has none. Send it transactions with TransactionFeed.");
            }
            else
            {
                engine.Add(args[i]);
            }
        }

        if (nodes is null)
        {
            throw new StartException($"cluster needs {NodesOption} N, the number of workers. Run 'cluster --help' for what there is.");
        }

        return int.TryParse(nodes, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= NodesMax
            ? new ClusterArguments(count, isApart, engine)
            : throw new StartException($"{NodesOption} is '{nodes}', but must be from 1 to {NodesMax}.");
    }

    /// <summary>The options of one worker, as given.</summary>
    public string[] For(int worker) =>
        [.. Engine.Select(arg => arg.Replace(Placeholder, worker.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))];
}
