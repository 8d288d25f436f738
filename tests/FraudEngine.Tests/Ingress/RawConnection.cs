using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace FraudEngine.Tests.Ingress;

/// <summary>HTTP/1.1 by hand, for what a client library does not let one do.</summary>
internal sealed class RawConnection(Socket socket) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly StringBuilder _received = new();

    public void Dispose() => socket.Dispose();

    /// <summary>Ends the connection with a reset, as when a process dies.</summary>
    public void Reset() => socket.Close(0);

    public async Task SendAsync(string text) => await SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        using var late = new CancellationTokenSource(Patience);
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes, late.Token)..];
        }
    }

    /// <summary>Sends what fits before the engine stops reading; returns how many bytes that was.</summary>
    public int SendUntilFull(ReadOnlySpan<byte> bytes, TimeSpan stuckFor)
    {
        socket.SendTimeout = (int)stuckFor.TotalMilliseconds;
        var sent = 0;
        try
        {
            while (sent < bytes.Length)
            {
                sent += socket.Send(bytes[sent..Math.Min(bytes.Length, sent + 65_536)]);
            }
        }
        catch (SocketException full) when (full.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
        }

        return sent;
    }

    public Task SendHeadAsync(string contentType, string framing, string more = "") =>
        SendAsync($"POST /v1/transactions HTTP/1.1\r\nHost: x\r\nContent-Type: {contentType}\r\n{framing}\r\n{more}\r\n");

    public Task SendChunkAsync(string text) =>
        SendAsync($"{Encoding.UTF8.GetByteCount(text).ToString("x", CultureInfo.InvariantCulture)}\r\n{text}\r\n");

    public Task EndChunksAsync() => SendAsync("0\r\n\r\n");

    public void HalfClose() => socket.Shutdown(SocketShutdown.Send);

    /// <summary>Receives until <paramref name="isEnough"/> of all that was received, and returns that.</summary>
    public async Task<string> ReceiveUntilAsync(Func<string, bool> isEnough, string what)
    {
        using var late = new CancellationTokenSource(Patience);
        try
        {
            while (!isEnough(_received.ToString()))
            {
                var count = await socket.ReceiveAsync(_buffer, late.Token);
                Assert.True(count > 0, $"The connection was closed before {what}, after: {_received}");
                _received.Append(Encoding.UTF8.GetString(_buffer, 0, count));
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Waited {Patience.TotalSeconds} s in vain for {what}; received: {_received}");
        }

        return _received.ToString();
    }

    public Task<string> ReceiveUntilAsync(string text) => ReceiveUntilAsync(received => received.Contains(text, StringComparison.Ordinal), text);

    /// <summary>Receives until the other side ends the connection, in whichever way.</summary>
    public async Task<string> ReceiveToEndAsync()
    {
        using var late = new CancellationTokenSource(Patience);
        try
        {
            while (await socket.ReceiveAsync(_buffer, late.Token) is var count && count > 0)
            {
                _received.Append(Encoding.UTF8.GetString(_buffer, 0, count));
            }
        }
        catch (SocketException)
        {
            // A reset ends it as well.
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Waited {Patience.TotalSeconds} s in vain for the connection's end; received: {_received}");
        }

        return _received.ToString();
    }
}
