using MailKit.Net.Smtp;

namespace FraudEngine.Egress.Mail;

/// <summary>
/// Connections to the server of e-mail. They are kept for a while after a message, for the next: TLS and a login cost more than a message. Unless it must not be
/// secure, nothing is said over one before it is.
/// </summary>
internal sealed class SmtpConnections : IAsyncDisposable
{
    // Servers end connections over which nothing is said, most after minutes.
    private static readonly TimeSpan IdleMax = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan QuitMax = TimeSpan.FromSeconds(2);

    private readonly SmtpSettings _settings;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private readonly List<(SmtpClient Client, long Since)> _idle = [];
    private readonly ITimer _sweep;
    private bool _isClosed;

    public SmtpConnections(SmtpSettings settings, TimeProvider clock)
    {
        (_settings, _clock) = (settings, clock);
        _sweep = clock.CreateTimer(static connections => ((SmtpConnections)connections!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Connections made so far.</summary>
    public int Connects { get; private set; }

    /// <summary>One that is still alive: a message that fails on a dead one may have arrived. Faults with what MailKit says.</summary>
    public async Task<SmtpClient> TakeAsync(CancellationToken cancellation) => await FindIdleAsync(cancellation) ?? await ConnectAsync(cancellation);

    /// <summary>Takes a connection back: kept where it is alive, ended else.</summary>
    public void Return(SmtpClient client)
    {
        lock (_gate)
        {
            if (client.IsConnected && !_isClosed && _idle.Count < _settings.ConnectionsMax)
            {
                _idle.Add((client, _clock.GetTimestamp()));
                _sweep.Change(IdleMax, Timeout.InfiniteTimeSpan);
                return;
            }
        }

        client.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        List<(SmtpClient Client, long Since)> left;
        lock (_gate)
        {
            _isClosed = true;
            left = [.. _idle];
            _idle.Clear();
        }

        await _sweep.DisposeAsync();
        await Task.WhenAll(left.Select(static idle => QuitAsync(idle.Client)));
    }

    private async Task<SmtpClient?> FindIdleAsync(CancellationToken cancellation)
    {
        while (TryTake(out var client))
        {
            var asked = client.NoOpAsync(cancellation);
            await asked.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (asked.IsCompletedSuccessfully)
            {
                return client;
            }

            client.Dispose();
            cancellation.ThrowIfCancellationRequested();
        }

        return null;
    }

    private async Task<SmtpClient> ConnectAsync(CancellationToken cancellation)
    {
        var client = new SmtpClient
        {
            // Of one step; the time for the whole ends before.
            Timeout = 2 * (int)_settings.Timeout.TotalMilliseconds,
            ServerCertificateValidationCallback = (_, certificate, chain, errors) => _settings.IsTrusted(certificate, chain, errors),

            // Where authorities can't be reached, as from inside a bank, that would refuse every server.
            CheckCertificateRevocation = false,
        };
        var isReady = false;
        try
        {
            lock (_gate)
            {
                Connects++;
            }

            await client.ConnectAsync(_settings.Host, _settings.Port, _settings.Security, cancellation);
            if (_settings.User.Length > 0)
            {
                await client.AuthenticateAsync(_settings.User, _settings.Password, cancellation);
            }

            isReady = true;
            return client;
        }
        finally
        {
            if (!isReady)
            {
                client.Dispose();
            }
        }
    }

    private bool TryTake(out SmtpClient client)
    {
        lock (_gate)
        {
            client = _idle.Count > 0 ? _idle[^1].Client : null!;
            if (_idle.Count > 0)
            {
                _idle.RemoveAt(_idle.Count - 1);
            }
        }

        return client is not null;
    }

    /// <summary>Ends all connections, once none has been used for a while: the timer begins anew with each use.</summary>
    private void Sweep()
    {
        List<SmtpClient> unused;
        lock (_gate)
        {
            unused = [.. _idle.Where(idle => _clock.GetElapsedTime(idle.Since) >= IdleMax).Select(static idle => idle.Client)];
            _idle.RemoveAll(idle => unused.Contains(idle.Client));
        }

        foreach (var client in unused)
        {
            _ = QuitAsync(client);
        }
    }

    /// <summary>As servers like it, but whether they have heard it is all the same. Never faults.</summary>
    private static async Task QuitAsync(SmtpClient client)
    {
        using var patience = new CancellationTokenSource(QuitMax);
        await client.DisconnectAsync(quit: true, patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        client.Dispose();
    }
}
