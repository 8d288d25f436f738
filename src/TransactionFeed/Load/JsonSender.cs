using System.Globalization;
using System.Net.Sockets;
using TransactionFeed.Wire;

namespace TransactionFeed.Load;

/// <summary>
/// One keep-alive connection with one request at a time. Bare sockets and prepared bytes: the client shares the machine with the engine that it
/// measures.
/// </summary>
internal sealed class JsonSender(EngineAddress engine, LoadPayloads payloads, LoadMeter meter, int requestBytesMax) : IDisposable
{
    private const int AnswerBytesMax = 64 * 1024;
    private const int Overloaded = 503;

    private static readonly TimeSpan OverloadPause = TimeSpan.FromMilliseconds(5);

    private readonly byte[] _request = new byte[requestBytesMax];
    private readonly byte[] _answer = new byte[AnswerBytesMax];
    private Socket? _socket;
    private long _intended;

    /// <summary>A request is out.</summary>
    public bool IsBusy { get; private set; }

    public async Task ConnectAsync(CancellationToken stop)
    {
        _socket?.Dispose();
        _socket = await engine.ConnectSocketAsync(stop);
    }

    /// <summary>Sends the next request; its latency counts from <paramref name="intended"/>.</summary>
    public void Send(long intended)
    {
        _intended = intended;
        IsBusy = true;
        try
        {
            _socket!.Send(_request.AsSpan(0, payloads.WriteNext(_request)));
        }
        catch (SocketException)
        {
            // The receiving side sees it, too, and opens a new connection.
        }
    }

    /// <summary>Receives answers; after each, <paramref name="next"/> says when the next request is intended, or null for none now.</summary>
    public async Task ReceiveAsync(Func<JsonSender, long?> next, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var status = await ReceiveOneAsync();
            if (stop.IsCancellationRequested)
            {
                return;
            }

            if (status == 0)
            {
                meter.CountError("connection lost");
                IsBusy = false;
                await ConnectAsync(stop);
            }
            else if (status == Overloaded)
            {
                await Task.Delay(OverloadPause, stop);
            }

            if (next(this) is { } intended)
            {
                Send(intended);
            }
        }
    }

    public void Dispose() => _socket?.Dispose();

    /// <summary>The status; 0 where the connection broke.</summary>
    private async ValueTask<int> ReceiveOneAsync()
    {
        var count = 0;
        while (true)
        {
            int read;
            try
            {
                read = await _socket!.ReceiveAsync(_answer.AsMemory(count));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return 0;
            }

            count += read;
            if (read == 0 || count == _answer.Length)
            {
                return 0;
            }

            if (HttpAnswer.IsWhole(_answer.AsSpan(0, count), out var status))
            {
                Count(status, count);
                IsBusy = false;
                return status;
            }
        }
    }

    private void Count(int status, int length)
    {
        if (status == 200)
        {
            meter.CountDecision(_answer.AsSpan(0, length), _intended);
        }
        else
        {
            meter.CountError("status " + status.ToString(CultureInfo.InvariantCulture));
        }
    }
}
