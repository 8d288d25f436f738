using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using TransactionFeed.Input;
using TransactionFeed.Replay;
using TransactionFeed.Wire;

namespace TransactionFeed.Load;

/// <summary>One NDJSON request with a bounded number of unanswered lines. A thread of its own sends; answers are received beside it.</summary>
internal sealed class NdjsonSender(LoadSettings settings, LoadClock clock, LoadPayloads payloads, LoadMeter meter, int lineBytesMax) : IDisposable
{
    private const int AnswerBytesMax = 256 * 1024;
    private const int BatchMax = 128;
    private const int ChunkHeadBytes = 10;

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _space = new(0);
    private readonly Queue<long> _unanswered = [];
    private readonly byte[] _batch = new byte[ChunkHeadBytes + (BatchMax * lineBytesMax) + 2];
    private Socket? _socket;
    private bool _isBroken;

    public int Unanswered
    {
        get
        {
            lock (_lock)
            {
                return _unanswered.Count;
            }
        }
    }

    public async Task ConnectAsync(CancellationToken stop)
    {
        _socket = await settings.Engine.ConnectSocketAsync(stop);
        await _socket.SendAsync(Encoding.ASCII.GetBytes(
            $"POST {settings.Engine.PathOf("v1/transactions")} HTTP/1.1\r\nHost: {settings.Engine.Host}\r\n"
            + "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"), stop);
    }

    /// <summary>Sends until the measured time is over. Runs on a thread of its own.</summary>
    public void Send(int sender, CancellationToken stop)
    {
        var interval = settings.Mode == LoadMode.Open ? (double)Stopwatch.Frequency * settings.Streams / settings.Rate : 0;
        var first = clock.Start + (interval * sender / settings.Streams);
        long sent = 0;
        try
        {
            while (!stop.IsCancellationRequested && !_isBroken && Stopwatch.GetTimestamp() < clock.MeasureUntil)
            {
                if (interval > 0)
                {
                    LoadRun.SleepUntil((long)(first + (sent * interval)));
                }

                var now = Stopwatch.GetTimestamp();
                var due = interval > 0 ? (int)Math.Min(BatchMax, ((now - first) / interval) - sent + 1) : BatchMax;
                var count = Math.Min(due, settings.InFlightMax - Unanswered);
                if (count > 0)
                {
                    SendBatch(count, i => interval > 0 ? (long)(first + ((sent + i) * interval)) : now);
                    sent += count;
                }
                else
                {
                    _space.Wait(TimeSpan.FromMilliseconds(100), stop);
                }
            }

            _socket!.Send("0\r\n\r\n"u8);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Receiving says what happened.
        }
    }

    public async Task ReceiveAsync(CancellationToken stop)
    {
        try
        {
            var response = await HttpResponse.ReadAsync(new NetworkStream(_socket!), stop);
            if (response.Status != 200)
            {
                meter.CountError("status " + response.Status.ToString(CultureInfo.InvariantCulture));
                _isBroken = true;
                return;
            }

            var lines = new LineReader(response.Body, AnswerBytesMax);
            while (await lines.ReadAsync(stop))
            {
                Count(lines.Line.Span);
            }
        }
        catch (IOException)
        {
            meter.CountError("connection lost");
        }

        _isBroken = true;
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _space.Dispose();
    }

    private void SendBatch(int count, Func<int, long> intended)
    {
        var at = ChunkHeadBytes;
        lock (_lock)
        {
            for (var i = 0; i < count; i++)
            {
                at += payloads.WriteNext(_batch.AsSpan(at));
                _unanswered.Enqueue(intended(i));
            }
        }

        // The chunk's length, with leading zeros: eight hexadecimal digits and a line end before the lines.
        Encoding.ASCII.GetBytes((at - ChunkHeadBytes).ToString("x8", CultureInfo.InvariantCulture) + "\r\n", _batch);
        "\r\n"u8.CopyTo(_batch.AsSpan(at));
        _socket!.Send(_batch.AsSpan(0, at + 2));
    }

    private void Count(ReadOnlySpan<byte> line)
    {
        long intended;
        int left;
        lock (_lock)
        {
            _unanswered.TryDequeue(out intended);
            left = _unanswered.Count;
        }

        // At half, so that batches form.
        if (left == settings.InFlightMax / 2)
        {
            _space.Release();
        }

        if (line.IndexOf("\"outcome\""u8) >= 0)
        {
            meter.CountDecision(line, intended);
        }
        else
        {
            meter.CountError(Answer.Read(line).ErrorTitle);
        }
    }
}
