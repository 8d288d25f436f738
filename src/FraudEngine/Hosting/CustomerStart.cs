using System.Security.Cryptography;
using FraudEngine.Domain.Customers;
using FraudEngine.Engine;
using FraudEngine.Engine.Changes;
using FraudEngine.Ingress;
using FraudEngine.Ingress.Cases;
using FraudEngine.Ingress.Customers;
using FraudEngine.Storage;

namespace FraudEngine.Hosting;

/// <summary>Opens what customers and analysts do with alerts: preferences, answers, holds, cases.</summary>
internal static class CustomerStart
{
    private const string LinkKey = "link_key";

    public static void Map(IEndpointRouteBuilder routes, CustomerOptions options, DecisionEngine engine, IJournal journal, IngressSettings settings, TimeProvider clock)
    {
        var book = new CustomerBook(journal);
        var answers = new AlertAnswers(engine, book, options.Terms, options.LinksValidFor, settings.AdmissionWaitMax, clock);
        PreferencesEndpoints.Map(routes, engine, book, settings);
        ResponseEndpoints.Map(routes, book, answers);
        RespondEndpoints.Map(routes, book, answers, LinksOf(journal), options.PublicUrl.Length > 0 ? new Uri(options.PublicUrl).Authority : "");
        HoldEndpoints.Map(routes, engine, book, settings);
        CaseEndpoints.Map(routes, engine, new CaseBook(journal, engine, clock), settings);
    }

    /// <summary>By the key that all nodes on a journal have in common, made by the first of them.</summary>
    public static AlertLinks LinksOf(IJournal journal) =>
        new(Convert.FromHexString(journal.Pin(LinkKey, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(AlertLinks.KeyBytes)))));
}
