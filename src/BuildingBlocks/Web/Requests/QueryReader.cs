using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Domain.Rules;
using Monolith.BuildingBlocks.Web.Numbers;

namespace Monolith.BuildingBlocks.Web.Requests;

/// <summary>Reads the parameters of a request and collects the errors of those that are invalid.</summary>
public sealed class QueryReader
{
    private const string AfterName = "after";
    private const string LimitName = "limit";
    private const int DefaultLimit = 50;
    private const string InvalidCursor = "Is not a cursor of this list. Take it from the property next of a page.";

    private const string DayFormat = "yyyy-MM-dd";

    private static readonly string InvalidLimit = $"Must be from 1 to {PageRules.Max}.";
    private static readonly FieldConstraint PageLimits = new() { Minimum = 1, Maximum = PageRules.Max };

    private readonly HttpRequest request;
    private readonly ParameterRecorder? recorder;
    private Dictionary<string, string[]>? errors;
    private Error? routeError;

    internal QueryReader(HttpRequest request, ParameterRecorder? recorder = null)
    {
        this.request = request;
        this.recorder = recorder;
    }

    internal Error? Error => routeError ?? (errors is null ? null : RequestErrors.Invalid(errors));

    /// <summary>Reads the requested page size; the query's validator checks its range.</summary>
    public int Limit()
    {
        recorder?.Query(LimitName, ParameterSchema.Limit(DefaultLimit));
        return Raw(LimitName) is null ? DefaultLimit : Whole(LimitName, int.MaxValue) is { } limit ? (int)limit : 0;
    }

    /// <summary>Reads the requested page size, from 1 to 200.</summary>
    public int PageLimit()
    {
        var limit = Limit();
        recorder?.Query(LimitName, ParameterSchema.Limit(DefaultLimit) with { Constraint = PageLimits });
        return limit is >= 1 and <= PageRules.Max || HasError(LimitName) ? limit : Refuse<int>(LimitName, InvalidLimit);
    }

    /// <summary>Reads how many of the first items the response has, from 1 to 200; null for all.</summary>
    /// <param name="description">The description of the parameter.</param>
    public int? FirstOnly(string description) =>
        Raw(LimitName, ParameterSchema.Whole with { Constraint = PageLimits, Description = description }) is not { } text ? null
        : ExactNumber.ReadWhole(text, 1, PageRules.Max) is { } limit ? (int)limit
        : Refuse<int?>(LimitName, InvalidLimit);

    /// <summary>Reads the position after which the page starts, for lists ordered by time and id; null for the first page.</summary>
    public ListCursor? After() =>
        AfterText() is not { } text ? null
        : Cursor.TryParse(text, out ListCursor position) ? position
        : Refuse<ListCursor?>(AfterName, InvalidCursor);

    /// <summary>Reads the position after which the page starts, for lists in another order; null for the first page.</summary>
    /// <param name="length">How many bytes a position of the list has.</param>
    public byte[]? After(int length)
    {
        if (AfterText() is not { } text)
            return null;
        var position = new byte[length];
        return Cursor.TryParse(text, position) ? position : Refuse<byte[]>(AfterName, InvalidCursor);
    }

    /// <summary>Reads the position after which the page starts, for lists whose positions have parts of any length.</summary>
    /// <typeparam name="T">The type of a position.</typeparam>
    /// <param name="parse">Reads the parts; returns null if they are not a position of the list.</param>
    /// <returns>The position; null for the first page.</returns>
    public T? After<T>(Func<string[], T?> parse)
        where T : struct =>
        AfterText() is not { } text ? null
        : Cursor.TryParse(text, out string[]? parts) && parse(parts) is { } position ? position
        : Refuse<T?>(AfterName, InvalidCursor);

    /// <summary>The URL of the page that starts after a position: the same request with another cursor.</summary>
    /// <param name="position">The position, as <see cref="After(int)"/> reads it.</param>
    public string UrlAfter(ReadOnlySpan<byte> position) => UrlWith(Cursor.Of(position));

    /// <summary>The URL of the page that starts after a position: the same request with another cursor.</summary>
    /// <param name="parts">The parts of the position, without spaces, as <see cref="After{T}"/> reads them.</param>
    public string UrlAfter(params IEnumerable<string> parts) => UrlWith(Cursor.Of(parts));

    /// <summary>The URL of the page that starts after a position: the same request with another cursor.</summary>
    /// <param name="position">The position, as <see cref="After()"/> reads it.</param>
    public string UrlAfter(ListCursor position) => UrlWith(Cursor.Of(position));

    /// <summary>Reads the id in the route. An invalid id is an invalid request that names it, not an unknown route.</summary>
    /// <param name="name">The name in the route.</param>
    public Guid RouteId(string name = "id")
    {
        recorder?.Route(name, ParameterSchema.Uuid);
        if (Requests.RouteId.Read(request, name).TryGet(out var id, out var error))
            return id;
        routeError = error;
        return default;
    }

    /// <summary>Reads a text in the route.</summary>
    /// <param name="name">The name in the route.</param>
    public string RouteText(string name)
    {
        recorder?.Route(name, ParameterSchema.Text);
        return (string)request.RouteValues[name]!;
    }

    /// <summary>Reads a positive number in the route.</summary>
    /// <param name="name">The name in the route.</param>
    /// <param name="message">The error message for any other text.</param>
    public int RouteNumber(string name, string message)
    {
        recorder?.Route(name, ParameterSchema.Positive);
        return ExactNumber.ReadWhole(request.RouteValues[name] as string, 1, int.MaxValue) is { } number
            ? (int)number
            : Refuse<int>(name, message);
    }

    /// <summary>Reads an id; null if there is none.</summary>
    /// <param name="name">The parameter.</param>
    public Guid? Id(string name) =>
        Raw(name, ParameterSchema.Uuid) is not { } text ? null
        : Guid.TryParseExact(text, "D", out var id) ? id
        : Refuse<Guid?>(name, "Must be a UUID.");

    /// <summary>Reads a name without control characters; null if there is none.</summary>
    /// <param name="name">The parameter.</param>
    public string? Text(string name) =>
        Raw(name, ParameterSchema.Text) is not { } text ? null
        : PlainText.NameFault(text) is { } fault ? Refuse<string>(name, fault)
        : text;

    /// <summary>Reads any text, which the query's validator checks; null if there is none.</summary>
    /// <param name="name">The parameter.</param>
    public string? AnyText(string name) => Raw(name, ParameterSchema.Text);

    /// <summary>Reads a required text.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="message">The error message if it is missing.</param>
    public string? Required(string name, string message) =>
        Raw(name, ParameterSchema.Required) ?? Refuse<string>(name, message);

    /// <summary>Reads a text that matches a regular expression; null if there is none.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="pattern">The regular expression.</param>
    /// <param name="message">The error message for any other text.</param>
    public string? Matching(string name, Regex pattern, string message)
    {
        recorder?.Query(name, ParameterSchema.Matching(pattern));
        return Raw(name) is not { } text ? null : pattern.IsMatch(text) ? text : Refuse<string>(name, message);
    }

    /// <summary>Reads one of some words; null if there is none.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="words">The allowed words.</param>
    /// <param name="comparer">Compares the words; ordinal by default.</param>
    public string? OneOf(string name, IReadOnlyCollection<string> words, StringComparer? comparer = null)
    {
        recorder?.Query(name, ParameterSchema.OneOf(words));
        return Raw(name) is not { } text ? null
            : words.FirstOrDefault(word => (comparer ?? StringComparer.Ordinal).Equals(word, text))
            ?? Refuse<string>(name, $"Must be one of: {string.Join(", ", words)}.");
    }

    /// <summary>Reads a whole number that is not negative; null if there is none.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="max">The maximum.</param>
    public long? Whole(string name, long max = long.MaxValue) =>
        Raw(name, ParameterSchema.Whole) is not { } text ? null
        : ExactNumber.ReadWhole(text, 0, max) is { } number ? number
        : Refuse<long?>(name, "Must be a whole number.");

    /// <summary>Reads a time (RFC 3339); null if there is none.</summary>
    /// <param name="name">The parameter.</param>
    public DateTimeOffset? Time(string name) =>
        Raw(name, ParameterSchema.Time) is not { } text ? null
        : Rfc3339.TryParse(text, out var time) ? time
        : Refuse<DateTimeOffset?>(name, Rfc3339.Fault);

    /// <summary>Reads a time (RFC 3339), or a day, which means its beginning in UTC; null if there is none.</summary>
    /// <param name="name">The parameter.</param>
    public DateTimeOffset? DayOrTime(string name) =>
        Raw(name, ParameterSchema.DayOrTime) is { } text
        && DateOnly.TryParseExact(text, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero)
            : Time(name);

    /// <summary>Adds an error for a parameter; the request is then refused.</summary>
    /// <typeparam name="T">The type of the parameter.</typeparam>
    /// <param name="name">The parameter.</param>
    /// <param name="message">What it must be.</param>
    /// <returns>The default value.</returns>
    public T? Refuse<T>(string name, string message)
    {
        (errors ??= [])[name] = [message];
        return default;
    }

    private bool HasError(string name) => errors?.ContainsKey(name) == true;

    private string? AfterText() => Raw(AfterName, ParameterSchema.Cursor);

    private string UrlWith(string cursor)
    {
        var others = request.Query.Where(parameter => !parameter.Key.Equals(AfterName, StringComparison.OrdinalIgnoreCase));
        var query = new QueryBuilder(others) { { AfterName, cursor } };
        return (request.PathBase + request.Path).ToUriComponent() + query.ToQueryString().ToUriComponent();
    }

    private string? Raw(string name, ParameterSchema form)
    {
        recorder?.Query(name, form);
        return Raw(name);
    }

    private string? Raw(string name) => request.Query.TryGetValue(name, out var values) ? values.ToString() : null;
}
