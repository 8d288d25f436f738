using FraudEngine.Cluster;

namespace FraudEngine.Hosting;

/// <summary>How a node takes part in a cluster.</summary>
public sealed class ClusterOptions
{
    public const string Section = "Cluster";
    private const int NameMax = 64;
    private static readonly ClusterSettings Defaults = new() { Node = "" };

    /// <summary>The node's name, the same in each of its lives; empty: the machine's name and the port.</summary>
    public string Node { get; set; } = "";

    /// <summary>The address under which only this node is reached, told to the other nodes; empty: the first of those where it listens.</summary>
    public string OwnUrl { get; set; } = "";

    /// <summary>A node that has said nothing for so long is taken for gone, and its shards go to others.</summary>
    public TimeSpan SilenceMax { get; set; } = Defaults.SilenceMax;

    /// <summary>A forwarded transaction that is not answered for so long is sent again.</summary>
    public TimeSpan AskAgainAfter { get; set; } = Defaults.AskAgainAfter;

    /// <summary>A transaction whose shard nobody owns, or whose owner does not answer, is refused after so long.</summary>
    public TimeSpan ForwardTimeout { get; set; } = Defaults.ForwardTimeout;

    /// <summary>Throws <see cref="StartException"/> where <paramref name="urls"/> are no addresses.</summary>
    /// <param name="urls">Where the node listens, as in <c>--urls</c>.</param>
    internal ClusterSettings ToSettings(string urls)
    {
        var first = urls.Split(';')[0];
        return new ClusterSettings
        {
            Node = Node.Length > 0 ? Node : DefaultName(PortOf(first)),
            Url = OwnUrl.Length > 0 ? OwnUrl : first,
            SilenceMax = SilenceMax,
            AskAgainAfter = AskAgainAfter,
            ForwardTimeout = ForwardTimeout,
        };
    }

    internal static string DefaultName(int port) => $"{Environment.MachineName}-{port}";

    private static int PortOf(string url)
    {
        try
        {
            return BindingAddress.Parse(url).Port;
        }
        catch (FormatException reason)
        {
            throw new StartException($"{reason.Message} Choose another address with --urls, such as http://127.0.0.1:5080.");
        }
    }

    internal IEnumerable<string> Problems()
    {
        if (Node.Length > NameMax || !Node.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            yield return $"Cluster:Node is '{Node}', but must be at most {NameMax} letters, digits, '-', '_' and '.'.";
        }

        if (OwnUrl.Length > 0 && (!Uri.TryCreate(OwnUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")))
        {
            yield return $"Cluster:OwnUrl is '{OwnUrl}', but must be an address such as http://127.0.0.1:5081.";
        }

        // A node that does not hear itself within half of it judges nobody.
        var min = Defaults.HeartbeatInterval * 3;
        if (SilenceMax < min || SilenceMax > TimeSpan.FromMinutes(5))
        {
            yield return $"Cluster:SilenceMax is {SilenceMax}, but must be from {min} to 00:05:00.";
        }

        if (AskAgainAfter < TimeSpan.FromMilliseconds(100) || AskAgainAfter > TimeSpan.FromMinutes(1))
        {
            yield return $"Cluster:AskAgainAfter is {AskAgainAfter}, but must be from 00:00:00.1 to 00:01:00.";
        }

        if (ForwardTimeout < AskAgainAfter || ForwardTimeout > TimeSpan.FromMinutes(10))
        {
            yield return $"Cluster:ForwardTimeout is {ForwardTimeout}, but must be from {AskAgainAfter} (Cluster:AskAgainAfter) to 00:10:00.";
        }
    }
}
