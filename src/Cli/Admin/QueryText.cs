namespace Monolith.Cli.Admin;

/// <summary>Writes the query of a URL.</summary>
internal static class QueryText
{
    /// <summary>The parameters that have a value, with the question mark; empty if there are none.</summary>
    public static string Of(params IEnumerable<(string Name, string? Value)> parameters)
    {
        var pairs = parameters.Where(parameter => parameter.Value is not null)
            .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}").ToArray();
        return pairs.Length == 0 ? "" : $"?{string.Join('&', pairs)}";
    }
}
