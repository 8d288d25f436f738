namespace FraudEngine.Hosting;

/// <summary>All options, bound and checked.</summary>
public sealed record Options(
    StorageOptions Storage, RulesOptions Rules, ModelOptions Model, EngineOptions Engine, IngressOptions Ingress, EgressOptions Egress, BrokerOptions Broker,
    ClusterOptions Cluster, WebhookOptions Webhooks, EmailOptions Email, CustomerOptions Customers)
{
    private static readonly (string Section, Type Type)[] Sections =
    [
        (StorageOptions.Section, typeof(StorageOptions)), (RulesOptions.Section, typeof(RulesOptions)),
        (ModelOptions.Section, typeof(ModelOptions)),
        (EngineOptions.Section, typeof(EngineOptions)), (IngressOptions.Section, typeof(IngressOptions)),
        (EgressOptions.Section, typeof(EgressOptions)), (BrokerOptions.Section, typeof(BrokerOptions)), (ClusterOptions.Section, typeof(ClusterOptions)),
        (WebhookOptions.Section, typeof(WebhookOptions)), (EmailOptions.Section, typeof(EmailOptions)), (CustomerOptions.Section, typeof(CustomerOptions)),
    ];

    // Sections and keys of the host itself.
    private static readonly string[] HostKeys = ["urls", "environment", "contentroot", "logging", "kestrel", "allowedhosts", "shutdowntimeoutseconds"];

    /// <summary>Throws <see cref="StartException"/> that names option, value and bound.</summary>
    public static Options Read(IConfiguration configuration)
    {
        try
        {
            var options = new Options(
                configuration.GetSection(StorageOptions.Section).Get<StorageOptions>() ?? new(),
                configuration.GetSection(RulesOptions.Section).Get<RulesOptions>() ?? new(),
                configuration.GetSection(ModelOptions.Section).Get<ModelOptions>() ?? new(),
                configuration.GetSection(EngineOptions.Section).Get<EngineOptions>() ?? new(),
                configuration.GetSection(IngressOptions.Section).Get<IngressOptions>() ?? new(),
                configuration.GetSection(EgressOptions.Section).Get<EgressOptions>() ?? new(),
                configuration.GetSection(BrokerOptions.Section).Get<BrokerOptions>() ?? new(),
                configuration.GetSection(ClusterOptions.Section).Get<ClusterOptions>() ?? new(),
                configuration.GetSection(WebhookOptions.Section).Get<WebhookOptions>() ?? new(),
                configuration.GetSection(EmailOptions.Section).Get<EmailOptions>() ?? new(),
                configuration.GetSection(CustomerOptions.Section).Get<CustomerOptions>() ?? new());
            string[] problems =
            [
                .. options.Storage.Problems(), .. options.Storage.Problems(options.Engine), .. options.Rules.Problems(), .. options.Model.Problems(), .. options.Engine.Problems(),
                .. options.Ingress.Problems(), .. options.Egress.Problems(), .. options.Broker.Problems(), .. options.Cluster.Problems(),
                .. options.Webhooks.Problems(), .. options.Email.Problems(), .. options.Customers.Problems(),
            ];
            return problems.Length == 0 ? options : throw new StartException(string.Join(Environment.NewLine, problems));
        }
        catch (InvalidOperationException reason)
        {
            throw new StartException($"{reason.Message} {reason.InnerException?.Message}".Trim());
        }
    }

    /// <summary>Throws <see cref="StartException"/> where an option on the command line is none of the engine's, so that a typing error does not go unseen.</summary>
    public static void CheckCommandLine(IReadOnlyList<string> args)
    {
        for (var i = 0; i < args.Count; i++)
        {
            var arg = args[i];
            if (!arg.StartsWith('-') && !arg.Contains('='))
            {
                continue;
            }

            var key = arg.TrimStart('-').Split('=')[0];
            if (arg.StartsWith("--", StringComparison.Ordinal) && !IsKnown(key))
            {
                throw new StartException($"There is no option '--{key}'. Run with --help for those that there are.");
            }

            if (!arg.Contains('=') && (i + 1 == args.Count || args[i + 1].StartsWith("--", StringComparison.Ordinal)))
            {
                throw new StartException($"The option {arg} has no value. Run with --help for what it takes.");
            }
        }
    }

    private static bool IsKnown(string key)
    {
        var parts = key.Split(':');
        if (Array.Exists(HostKeys, host => host.Equals(parts[0], StringComparison.OrdinalIgnoreCase)))
        {
            return true;
        }

        var section = Array.Find(Sections, section => section.Section.Equals(parts[0], StringComparison.OrdinalIgnoreCase));
        if (section.Type == typeof(WebhookOptions) && parts is [_, var endpoints, _, var property])
        {
            return endpoints.Equals(nameof(WebhookOptions.Endpoints), StringComparison.OrdinalIgnoreCase)
                && Array.Exists(typeof(WebhookEndpointOptions).GetProperties(), own => own.Name.Equals(property, StringComparison.OrdinalIgnoreCase));
        }

        return parts.Length == 2 && section.Type is { } type
            && Array.Exists(type.GetProperties(), property => property.Name.Equals(parts[1], StringComparison.OrdinalIgnoreCase));
    }
}
