namespace FraudEngine.Ingress.Customers;

/// <summary>The account in the path of a call.</summary>
internal static class AccountPath
{
    public static string IdOf(HttpContext context) => RequestPath.Segment(context, "/v1/accounts/", "id");

    /// <summary>Whether an account can have such an id.</summary>
    public static bool IsId(string id) => BodyText.CheckId(id) is null;
}
