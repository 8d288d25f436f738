using System.Buffers;
using System.IO.Pipelines;
using FraudEngine.Domain;
using FraudEngine.Engine;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.ObjectPool;

namespace FraudEngine.Ingress.FastLane;

/// <summary>What a request is to the lane.</summary>
internal enum LaneRequest
{
    /// <summary>The web server's.</summary>
    Other,

    /// <summary>One transaction.</summary>
    Single,

    /// <summary>A stream of transactions.</summary>
    Stream,

    /// <summary>A client that listens for alerts.</summary>
    Listening,
}

/// <summary>One connection in the lane: reads a request, has it decided, answers, and so on, until the connection ends or is the web server's.</summary>
internal sealed class LaneConnection(
    ConnectionContext connection, DecisionEngine engine, ObjectPool<SingleExchange> exchanges, StreamExchange streams, ILaneFeed? feed, KestrelServerLimits limits)
{
    /// <summary>Requests that come in pieces of memory are put together up to this length.</summary>
    private const int PiecesBytesMax = 4096;

    private readonly LaneWait _wait = new(connection, limits);
    private readonly IConnectionTerm? _term = connection.Features.Get<IConnectionTerm>();

    public async Task RunAsync(ConnectionDelegate next)
    {
        // Until then it costs nothing of what the web server holds for a connection: most of an idle one's memory.
        if (await ServeAsync())
        {
            await next(connection);
        }
    }

    /// <summary>Gives whether the connection is the web server's from now on; else it is to be closed.</summary>
    private async Task<bool> ServeAsync()
    {
        using var closing = _wait.Watch();
        var (input, output) = (connection.Transport.Input, connection.Transport.Output);
        try
        {
            while (!_wait.IsClosing)
            {
                _wait.Begin(LaneWaitFor.Request);
                var read = await input.ReadAsync();
                _wait.End();
                if (read.Buffer.IsEmpty)
                {
                    break;
                }

                if (_term?.IsOver == true)
                {
                    input.AdvanceTo(read.Buffer.Start);
                    return true;
                }

                var exchange = exchanges.Get();
                var request = Recognise(read.Buffer, exchange, out var end, out var listening);
                if (request == LaneRequest.Single)
                {
                    var answered = exchange.SubmitTo(engine);
                    input.AdvanceTo(end);
                    await answered;
                    Answer(output, exchange);
                    exchanges.Return(exchange);
                    if (!await _wait.FlushAsync(CancellationToken.None))
                    {
                        break;
                    }

                    continue;
                }

                exchanges.Return(exchange);
                if (request == LaneRequest.Stream)
                {
                    input.AdvanceTo(end);
                    if (!await RunStreamAsync())
                    {
                        break;
                    }

                    continue;
                }

                if (request == LaneRequest.Listening && await TryServeAsync(listening!, end))
                {
                    break;
                }

                input.AdvanceTo(read.Buffer.Start);
                return true;
            }
        }
        catch (Exception reason) when (reason is IOException or OperationCanceledException)
        {
            // The client has reset the connection, or it was aborted.
        }

        return false;
    }

    /// <summary>
    /// What the request is with which the bytes begin. A single one has entered the admission then, and the exchange holds its transaction; a stream is open.
    /// </summary>
    /// <param name="end">The end of a single request and of one that listens; where the body of a stream begins.</param>
    private LaneRequest Recognise(ReadOnlySequence<byte> buffer, SingleExchange exchange, out SequencePosition end, out PlainFeed? listening)
    {
        if (buffer.IsSingleSegment)
        {
            return Recognise(buffer, buffer.FirstSpan, exchange, out end, out listening);
        }

        Span<byte> text = stackalloc byte[(int)Math.Min(PiecesBytesMax, buffer.Length)];
        buffer.Slice(0, text.Length).CopyTo(text);
        return Recognise(buffer, text, exchange, out end, out listening);
    }

    private LaneRequest Recognise(ReadOnlySequence<byte> buffer, ReadOnlySpan<byte> text, SingleExchange exchange, out SequencePosition end, out PlainFeed? listening)
    {
        listening = null;
        if (PlainRequest.TryFind(text, out var body) && exchange.TryRead(text[body]) && !engine.IsTooFarAhead(exchange.Reply.Envelope.Transaction) && engine.Admission.TryEnter())
        {
            end = buffer.GetPosition(body.End.Value);
            return LaneRequest.Single;
        }

        if (PlainRequest.TryFindStream(text, out var start) && streams.TryOpen())
        {
            end = buffer.GetPosition(start);
            return LaneRequest.Stream;
        }

        if (feed is not null && PlainFeed.Find(text) is { } found)
        {
            listening = found;
            end = buffer.GetPosition(found.Length);
            return LaneRequest.Listening;
        }

        end = default;
        return LaneRequest.Other;
    }

    /// <summary>Serves who listens for alerts until it goes away; false where that was not begun, and the request is unread.</summary>
    private async Task<bool> TryServeAsync(PlainFeed request, SequencePosition end)
    {
        var response = new FeedResponse(connection.Transport.Output, _wait, () => connection.Transport.Input.AdvanceTo(end));
        try
        {
            await feed!.ServeAsync(request, response, connection.ConnectionClosed);
        }
        catch (IOException) when (!response.IsBegun)
        {
            // The ordinary route says so.
        }

        if (response.IsBegun)
        {
            await response.EndAsync();
        }

        return response.IsBegun;
    }

    /// <summary>Gives whether the connection can be used for another request.</summary>
    private async Task<bool> RunStreamAsync()
    {
        var body = new ChunkedBody(connection.Transport.Input);
        var response = new ChunkedResponse(connection.Transport.Output, _wait);
        if (!await streams.RunAsync(body, response, connection.ConnectionClosed))
        {
            connection.Abort();
            return false;
        }

        await body.CompleteAsync();
        return await response.EndAsync() && body.IsWhole;
    }

    private void Answer(PipeWriter output, SingleExchange exchange)
    {
        if (exchange.Reply.Envelope.Refusal == Refusal.None)
        {
            exchange.WriteDecision(engine.Catalog);
            PlainAnswer.Decision(output, exchange.Body.WrittenSpan, TimeProvider.System.GetUtcNow(), _wait.IsClosing);
        }
        else
        {
            // It has been answered by the engine: the ordinary route would submit it a second time.
            PlainAnswer.Problem(output, Problem.Of(exchange.Reply.Envelope.Refusal), TimeProvider.System.GetUtcNow(), _wait.IsClosing);
        }
    }
}
