using FraudEngine.Actors;
using FraudEngine.Cluster;
using FraudEngine.Domain;
using FraudEngine.Egress;
using FraudEngine.Engine;
using FraudEngine.Engine.Explaining;
using FraudEngine.Engine.Lists;
using FraudEngine.Ingress;
using FraudEngine.Ingress.FastLane;
using FraudEngine.Ingress.Feed;
using FraudEngine.Ingress.Labels;
using FraudEngine.Rules;
using FraudEngine.Storage;
using FraudEngine.Telemetry;
using FraudEngine.Trials;

namespace FraudEngine.Hosting;

/// <summary>One running node: journal, engine, alerts and web server, put together from the options and taken apart in order.</summary>
public sealed class EngineHost : IAsyncDisposable
{
    private static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(1);

    private readonly WebApplication _web;
    private readonly IJournal _journal;
    private readonly Measures _measures = new();
    private readonly ListFiles _lists;
    private readonly ITimer _beat;
    private readonly RulesFile _rulesFile;
    private readonly ModelFile? _modelFile;
    private readonly Backtests _backtests;
    private readonly ShadowFollower _follower;
    private readonly DecisionExplainer _explainer;
    private readonly QueueFeed? _queueFeed;
    private readonly SharedNode? _shared;
    private DeliveryStart? _delivery;

    private EngineHost(
        WebApplication web, Options options, ClusterSettings cluster, string life, IJournal journal, ListFiles lists, RulesInForce inForce, string rulesText,
        ModelText? modelText, JournalSize stored, long newestAlert)
    {
        _web = web;
        _journal = journal;
        _lists = lists;
        var log = LogOf(web);
        var clock = web.Services.GetRequiredService<TimeProvider>();
        var events = new LoggedEvents(log, clock);
        var settings = options.Engine.ToSettings();
        Settings = options.Ingress.ToSettings();
        Feed = new AlertFeed(journal, newestAlert, options.Egress.SubscribersMax);
        var shared = journal as ISharedJournal;
        AlertRaised alertRaised = shared is null ? Feed.Publish : (_, _, _) => _shared!.TellOfAlert();
        Engine = new DecisionEngine(settings, journal, inForce, new ThreadPoolDispatcher(), clock, events, alertRaised, new IndexProgress(log, clock).Tell);
        log.JournalOpened(options.Storage.Provider, JournalStart.PlaceOf(options.Storage), stored.Transactions, stored.Accounts, stored.Alerts);
        var path = options.Rules.Find()!;
        Rules = new RuleBook(Engine, journal, settings.Windows, clock, settings.Entities)
        {
            FollowLists = Lists.FollowAsync,
            Changed = (rules, cause) =>
            {
                log.RuleSetInForce(rules.Reference, rules.Rules.Length, rules.Windows.Specs.Length, cause == RuleSetCause.File ? Path.GetFullPath(path) : cause);
                TellOfSettings(cause);
            },
        };
        Models = new ModelBook(Rules, Engine, journal, settings.Windows, settings.Entities)
        {
            Changed = (model, cause) =>
            {
                ModelLog.Changed(log, model, cause == RuleSetCause.File ? Path.GetFullPath(options.Model.Find()!) : cause);
                TellOfSettings(cause);
            },
        };
        _explainer = new DecisionExplainer(Engine, journal, journal, settings.Windows);
        _rulesFile = new RulesFile(path, rulesText, Rules, log, clock);
        Lists.Changed = named => Engine.PutInForceAsync(inForce => inForce with { Lists = named });
        lists.Watch();
        Announce(log, inForce.Rules, path, isFromFile: inForce.Rules.Source == rulesText);
        if (modelText is not null)
        {
            _modelFile = new ModelFile(modelText.ConfigName, modelText, settings.Windows, Models, log, clock);
        }

        ModelLog.Started(log, inForce.Model?.Model, modelText);
        _backtests = new Backtests(journal, settings.Windows, () => Engine.InForce.Lists) { ModelInForce = () => Engine.InForce.Model, Entities = settings.Entities };
        Shadows = new Shadows(journal, journal, settings.Windows, () => Engine.InForce.Lists, clock) { ModelInForce = () => Engine.InForce.Model, Entities = settings.Entities };
        _follower = new ShadowFollower(Shadows);
        Engine.Decided = _follower.Wake;
        EngineMeasures.Add(_measures, Engine, Feed);
        _queueFeed = FeedStart.Open(options, cluster.Node, Engine, _measures, log, clock);
        if (shared is null)
        {
            _queueFeed?.Own([.. Enumerable.Range(0, settings.Shards)]);
        }
        else
        {
            var follower = new SettingsFollower(shared, Lists, Rules, Models, Shadows, log, clock);
            _shared = SharedNode.Open(cluster, life, options.Broker.Address, Engine, shared, Feed, follower, owned => _queueFeed?.Own(owned), log, clock);
        }

        MapRoutes(events);
        CustomerStart.Map(web, options.Customers, Engine, journal, Settings, clock);
        _beat = clock.CreateTimer(_ => Beat(), null, BeatInterval, BeatInterval);
    }

    public DecisionEngine Engine { get; }

    public RuleBook Rules { get; }

    public ModelBook Models { get; }

    public Shadows Shadows { get; }

    public AlertFeed Feed { get; }

    public ListBook Lists => _lists.Lists;

    public IngressSettings Settings { get; }

    /// <summary>Where it listens, once started.</summary>
    public IEnumerable<string> Urls => _web.Urls;

    public CancellationToken Stopping => _web.Lifetime.ApplicationStopping;

    /// <summary>Opens everything. Throws <see cref="StartException"/> where that can't be, saying why.</summary>
    public static async Task<EngineHost> OpenAsync(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var web = Build(args, configure);
        var options = Options.Read(web.Configuration);
        IJournal? journal = null;
        ListFiles? lists = null;
        EngineHost? host = null;
        try
        {
            var path = options.Rules.Find()!;
            var text = await File.ReadAllTextAsync(path);
            var clock = web.Services.GetRequiredService<TimeProvider>();
            var cluster = options.Cluster.ToSettings(WebHost.UrlsOf(web.Configuration)) with { VisitTimeout = options.Engine.EntityTimeout };
            var life = NodeLife.New(cluster.Node);
            journal = await JournalStart.OpenAsync(options.Storage, life, clock);
            await using var alone = journal is ISharedJournal shared ? await shared.LockSettingsAsync() : null;
            lists = await ListFiles.OpenAsync(options.Rules.FindLists(), await ListBook.OpenAsync(journal), clock, LogOf(web));
            var settings = options.Engine.ToSettings();
            var modelText = options.Model.Find() is { } modelPath ? await ModelFile.ReadAsync(modelPath, settings.Windows) : null;
            var rules = await RuleBook.OpenAsync(journal, text, path, lists.Lists.Current, settings.Windows, clock, settings.Entities);
            var inForce = rules with { Model = await ModelBook.OpenAsync(journal, modelText, rules.Lists, settings.Windows, settings.Entities, clock) };
            var newestAlert = await journal.NewestAlertAsync();
            host = new EngineHost(web, options, cluster, life, journal, lists, inForce, text, modelText, await journal.MeasureAsync(), newestAlert);
            await host.OpenDeliveryAsync(options, newestAlert);
            await host.Shadows.RestoreAsync();
            await (host._shared?.JoinAsync() ?? Task.CompletedTask);
            return host;
        }
        catch (Exception reason) when (reason is RuleSetException or IOException or UnauthorizedAccessException or InvalidDataException or InvalidOperationException or FormatException)
        {
            await (host is null ? CloseAsync(lists, journal, web) : host.DisposeAsync());
            throw reason is FormatException ? WrongAddress(reason) : new StartException(reason.Message);
        }
    }

    /// <summary>Begins to listen. Throws <see cref="StartException"/> where the address is taken.</summary>
    public async Task StartAsync()
    {
        try
        {
            await _web.StartAsync();
        }
        catch (Exception reason) when (reason is IOException or FormatException)
        {
            throw WrongAddress(reason);
        }
    }

    /// <summary>Ends when the process is asked to stop. Single requests under way are answered; streams end, and what was read of them is decided and stored.</summary>
    public Task WaitForStopAsync() => _web.WaitForShutdownAsync();

    public async ValueTask DisposeAsync()
    {
        await _web.StopAsync();
        await (_delivery?.DisposeAsync() ?? ValueTask.CompletedTask);
        if (_queueFeed is not null)
        {
            await _queueFeed.DisposeAsync();
        }

        if (_shared is not null)
        {
            await _shared.DisposeAsync();
        }

        _rulesFile.Dispose();
        _modelFile?.Dispose();
        Rules.Dispose();
        await _beat.DisposeAsync();
        await _backtests.DisposeAsync();
        await _follower.DisposeAsync();
        Shadows.Dispose();
        await _lists.DisposeAsync();
        _explainer.Dispose();
        await Engine.DisposeAsync();
        _measures.Dispose();
        await _web.DisposeAsync();
    }

    /// <summary>While other nodes wait with their start: what is found to be new here is new for all.</summary>
    private async Task OpenDeliveryAsync(Options options, long newestAlert)
    {
        var clock = _web.Services.GetRequiredService<TimeProvider>();
        var configured = options.Customers.PublicUrl;
        _delivery = await DeliveryStart.OpenAsync(
            options, _journal, newestAlert, () => configured.Length > 0 ? configured : _web.Urls.FirstOrDefault("http://localhost"), _measures, LogOf(_web), clock);
        _delivery.Map(_web, _journal, clock);
        Feed.Published = _delivery.Delivery.Wake;

        // What was raised before that.
        _delivery.Delivery.Wake();
    }

    private static async ValueTask CloseAsync(params IAsyncDisposable?[] opened)
    {
        foreach (var one in opened)
        {
            await (one?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    private void Beat()
    {
        Feed.Beat();
        if (_shared is not null)
        {
            // What other nodes have decided, shadows hear of here.
            _follower.Wake();
        }
    }

    /// <summary>What came from another node is known there.</summary>
    private void TellOfSettings(string cause)
    {
        if (cause != RuleSetCause.Cluster)
        {
            _shared?.TellOfSettings();
        }
    }

    private static StartException WrongAddress(Exception reason) => new($"{reason.Message} Choose another address with --urls, such as http://127.0.0.1:5080.");

    private static ILogger LogOf(WebApplication web) => web.Services.GetRequiredService<ILoggerFactory>().CreateLogger("FraudEngine");

    private static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure)
    {
        try
        {
            return WebHost.Build(args, configure);
        }
        catch (InvalidDataException reason)
        {
            throw new StartException($"{reason.Message} {reason.InnerException?.Message}");
        }
    }

    private static void Announce(ILogger log, RuleSet rules, string path, bool isFromFile)
    {
        if (isFromFile)
        {
            log.RuleSetInForce(rules.Reference, rules.Rules.Length, rules.Windows.Specs.Length, Path.GetFullPath(path));
        }
        else
        {
            log.RuleSetStillInForce(rules.Reference, rules.Rules.Length, rules.Windows.Specs.Length, Path.GetFullPath(path));
        }
    }

    private void MapRoutes(LoggedEvents events)
    {
        var streams = new OpenStreams(Settings);
        TransactionEndpoints.Map(_web, Engine, Settings, streams);
        LabelEndpoints.Map(_web, Engine, Settings, streams);
        AccountEndpoints.Map(_web, Engine);
        ExplanationEndpoint.Map(_web, _explainer, Engine.Catalog);
        RuleEndpoints.Map(_web, Engine, Rules);
        ModelEndpoints.Map(_web, Engine, Models);
        BacktestEndpoints.Map(_web, Engine, _backtests);
        ShadowEndpoints.Map(_web, Engine, Shadows);
        ListEndpoints.Map(_web, Lists);
        var alerts = new AlertStream(_journal, Feed, Stopping);
        AlertEndpoints.Map(_web, _journal, alerts);
        _web.Services.GetRequiredService<Lane>().Feed = new LaneAlerts(alerts);
        ClusterEndpoint.Map(_web, () => _shared?.View?.Invoke());
        OpenApiEndpoint.Map(_web);
        _web.MapGet("/health/live", () => TypedResults.Text("live"));
        _web.MapGet("/health/ready", () =>
            !events.IsReady ? TypedResults.Text("not ready: the journal can't be written", statusCode: 503)
            : _shared?.IsReady == false ? TypedResults.Text("not ready: the database or the broker is away, or not every shard has an owner", statusCode: 503)
            : TypedResults.Text("ready"));
        _web.MapGet("/metrics", () => TypedResults.Text(PrometheusText.Render(_measures), PrometheusText.ContentType));
    }
}
