using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using TransactionFeed.Broker;
using TransactionFeed.CommandLine;

namespace TransactionFeed.Wire;

/// <summary>Where an engine listens.</summary>
internal sealed class EngineAddress
{
    private readonly Uri _root;

    private EngineAddress(Uri root) => _root = root;

    /// <summary>What goes into the Host header.</summary>
    public string Host => _root.Authority;

    /// <summary>Throws, with a line for the user, where the text is no http or https URL.</summary>
    public static EngineAddress Parse(string url) =>
        BrokerAddress.IsMeant(url) ? throw FeedException.Usage("This command asks the engine itself: --to is its address, such as http://127.0.0.1:5080. Only replay and simulate send to a broker.")
        : Uri.TryCreate(url.TrimEnd('/') + "/", UriKind.Absolute, out var root) && root.Scheme is "http" or "https"
            ? new EngineAddress(root)
            : throw FeedException.Usage($"{url} is not an address; one looks like http://127.0.0.1:5080.");

    /// <summary>The path of a request, whatever prefix the address has.</summary>
    public string PathOf(string relative) => _root.AbsolutePath + relative;

    public Uri UriOf(string relative) => new(_root, relative);

    /// <summary>Opens a connection. Failures are <see cref="IOException"/>s with a message for the user.</summary>
    public async Task<Stream> ConnectAsync(CancellationToken stop)
    {
        var socket = await ConnectSocketAsync(stop);
        var stream = new NetworkStream(socket, ownsSocket: true);
        if (_root.Scheme == "http")
        {
            return stream;
        }

        var secure = new SslStream(stream);
        try
        {
            await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = _root.Host }, stop);
            return secure;
        }
        catch (Exception e)
        {
            await secure.DisposeAsync();
            if (e is AuthenticationException)
            {
                throw new IOException($"{_root} can't be trusted: {e.Message}", e);
            }

            throw;
        }
    }

    /// <summary>A wrong address is to be said at once, not after all retries.</summary>
    public async Task CheckReachableAsync(CancellationToken stop)
    {
        try
        {
            await using var connection = await ConnectAsync(stop);
        }
        catch (IOException e)
        {
            throw FeedException.Usage($"{e.Message} Is the engine running?");
        }
    }

    /// <summary>As <see cref="ConnectAsync"/>, without encryption.</summary>
    public async Task<Socket> ConnectSocketAsync(CancellationToken stop)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(_root.Host.Trim('[', ']'), _root.Port, stop);
            return socket;
        }
        catch (Exception e)
        {
            socket.Dispose();
            if (e is SocketException)
            {
                throw new IOException($"Nobody answers at {this} ({e.Message}).", e);
            }

            throw;
        }
    }

    public override string ToString() => _root.GetLeftPart(UriPartial.Path).TrimEnd('/');
}
