using System.Globalization;
using Microsoft.AspNetCore.Http;
using Monolith.BuildingBlocks.Cqrs;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Web.Requests;

/// <summary>Reads the parameters of a query and notes those that cannot be read.</summary>
public sealed class QueryReader
{
    internal const string AfterName = "after";
    private const string LimitName = "limit";
    private const int DefaultLimit = 50;

    private readonly IQueryCollection query;
    private Dictionary<string, string[]>? errors;

    internal QueryReader(IQueryCollection query) => this.query = query;

    internal Error? Error => errors is null ? null : RequestErrors.Invalid(errors);

    /// <summary>How many items the page shall have.</summary>
    public int Limit() =>
        Raw(LimitName) is not { } text ? DefaultLimit
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit
        : Refuse<int>(LimitName, "Must be a whole number.");

    /// <summary>The id after which the page starts; null for the first page.</summary>
    public Guid? After() =>
        Raw(AfterName) is not { } text ? null
        : Cursor.TryParse(text, out var id) ? id
        : Refuse<Guid?>(AfterName, "Is no cursor of this list; take it from the property next of a page.");

    /// <summary>An id to filter by; null where there is none.</summary>
    /// <param name="name">The parameter.</param>
    public Guid? Id(string name) =>
        Raw(name) is not { } text ? null
        : Guid.TryParseExact(text, "D", out var id) ? id
        : Refuse<Guid?>(name, "Must be a UUID.");

    /// <summary>A text to filter by; null where there is none.</summary>
    /// <param name="name">The parameter.</param>
    public string? Text(string name) => Raw(name);

    private string? Raw(string name) => query.TryGetValue(name, out var values) ? values.ToString() : null;

    private T? Refuse<T>(string name, string message)
    {
        (errors ??= [])[name] = [message];
        return default;
    }
}
