using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain.Rules;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Web.Answers;
using Monolith.BuildingBlocks.Web.Numbers;

namespace Monolith.BuildingBlocks.Web.Requests;

/// <summary>Reads the parameters of a query and notes those that cannot be read.</summary>
public sealed class QueryReader
{
    internal const string AfterName = "after";
    private const string LimitName = "limit";
    private const int DefaultLimit = 50;
    private const string NoCursor = "Is no cursor of this list; take it from the property next of a page.";

    private const string DayFormat = "yyyy-MM-dd";

    private static readonly string NoPageSize = $"Must be from 1 to {PageRules.Most}.";
    private static readonly FieldConstraint PageSizes = new() { Minimum = 1, Maximum = PageRules.Most };

    private readonly HttpRequest request;
    private readonly ParameterNotes? notes;
    private Dictionary<string, string[]>? errors;
    private Error? routeError;

    internal QueryReader(HttpRequest request, ParameterNotes? notes = null)
    {
        this.request = request;
        this.notes = notes;
    }

    internal Error? Error => routeError ?? (errors is null ? null : RequestErrors.Invalid(errors));

    /// <summary>How many items the page shall have; the query's validator says how many it may.</summary>
    public int Limit()
    {
        notes?.Query(LimitName, ParameterForm.Limit(DefaultLimit));
        return Raw(LimitName) is null ? DefaultLimit : Whole(LimitName, int.MaxValue) is { } limit ? (int)limit : 0;
    }

    /// <summary>How many items the page shall have: 1 to 200.</summary>
    public int PageLimit()
    {
        var limit = Limit();
        notes?.Query(LimitName, ParameterForm.Limit(DefaultLimit) with { Constraint = PageSizes });
        return IsPageSize(limit) || IsRefused(LimitName) ? limit : Refuse<int>(LimitName, NoPageSize);
    }

    /// <summary>How many of the first the answer shall have: 1 to 200; null where all are wanted.</summary>
    /// <param name="description">What is counted.</param>
    public int? FirstOnly(string description) =>
        Raw(LimitName, ParameterForm.Whole with { Constraint = PageSizes, Description = description }) is not { } text ? null
        : ExactNumber.ReadWhole(text, 1, PageRules.Most) is { } limit ? (int)limit
        : Refuse<int?>(LimitName, NoPageSize);

    /// <summary>The position after which the page starts, for lists in the order of time and id; null for the first page.</summary>
    public ListCursor? After() =>
        AfterText() is not { } text ? null
        : Cursor.TryParse(text, out ListCursor position) ? position
        : Refuse<ListCursor?>(AfterName, NoCursor);

    /// <summary>The place after which the page starts, for lists in another order; null for the first page.</summary>
    /// <param name="length">How many bytes a place of the list has.</param>
    public byte[]? After(int length)
    {
        if (AfterText() is not { } text)
            return null;
        var place = new byte[length];
        return Cursor.TryParse(text, place) ? place : Refuse<byte[]>(AfterName, NoCursor);
    }

    /// <summary>The place after which the page starts, for lists whose places have parts of any length; null for the first page.</summary>
    /// <typeparam name="T">A place.</typeparam>
    /// <param name="place">Reads the parts; null where they are no place of the list.</param>
    public T? After<T>(Func<string[], T?> place)
        where T : struct =>
        AfterText() is not { } text ? null
        : Cursor.TryParse(text, out string[]? parts) && place(parts) is { } found ? found
        : Refuse<T?>(AfterName, NoCursor);

    /// <summary>The URL of the page that starts after a place: the same request with another cursor.</summary>
    /// <param name="place">The place, as <see cref="After(int)"/> will give it.</param>
    public string UrlAfter(ReadOnlySpan<byte> place) => NextPage.UrlOf(request, Cursor.Of(place));

    /// <summary>The URL of the page that starts after a place: the same request with another cursor.</summary>
    /// <param name="parts">The parts of the place, without spaces, as <see cref="After{T}"/> will give them.</param>
    public string UrlAfter(params IEnumerable<string> parts) => NextPage.UrlOf(request, Cursor.Of(parts));

    /// <summary>The URL of the page that starts after a position: the same request with another cursor.</summary>
    /// <param name="position">The position, as <see cref="After()"/> will give it.</param>
    public string UrlAfter(ListCursor position) => NextPage.UrlOf(request, Cursor.Of(position));

    /// <summary>The id in the route. It is no route constraint: a bad one is a bad request that names it, not an unknown route.</summary>
    /// <param name="name">What the route calls it.</param>
    public Guid RouteId(string name = "id")
    {
        notes?.Route(name, ParameterForm.Uuid);
        if (Requests.RouteId.Read(request, name).TryGet(out var id, out var error))
            return id;
        routeError = error;
        return default;
    }

    /// <summary>A text in the route.</summary>
    /// <param name="name">What the route calls it.</param>
    public string RouteText(string name)
    {
        notes?.Route(name, ParameterForm.Text);
        return (string)request.RouteValues[name]!;
    }

    /// <summary>A number in the route, above 0; whoever reads it says what else it is.</summary>
    /// <param name="name">What the route calls it.</param>
    public string RouteNumber(string name)
    {
        notes?.Route(name, ParameterForm.Number);
        return RouteText(name);
    }

    /// <summary>An id to filter by; null where there is none.</summary>
    /// <param name="name">The parameter.</param>
    public Guid? Id(string name) =>
        Raw(name, ParameterForm.Uuid) is not { } text ? null
        : Guid.TryParseExact(text, "D", out var id) ? id
        : Refuse<Guid?>(name, "Must be a UUID.");

    /// <summary>The name of something to filter by, without control characters, which no name has; null where there is none.</summary>
    /// <param name="name">The parameter.</param>
    public string? Text(string name) =>
        Raw(name, ParameterForm.Text) is not { } text ? null
        : PlainText.NameFault(text) is { } fault ? Refuse<string>(name, fault)
        : text;

    /// <summary>Any text; the query's validator says what it must be. Null where there is none.</summary>
    /// <param name="name">The parameter.</param>
    public string? AnyText(string name) => Raw(name, ParameterForm.Text);

    /// <summary>A text that must be there; where it is not, the parameter is refused.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="message">What is missing.</param>
    public string? Required(string name, string message) => Raw(name, ParameterForm.Required) ?? Refuse<string>(name, message);

    /// <summary>A text that a regular expression matches; null where there is none.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="pattern">The regular expression.</param>
    /// <param name="message">What the text must be.</param>
    public string? Matching(string name, Regex pattern, string message)
    {
        notes?.Query(name, ParameterForm.Matching(pattern));
        return Raw(name) is not { } text ? null : pattern.IsMatch(text) ? text : Refuse<string>(name, message);
    }

    /// <summary>One of some words; null where none is given.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="words">The words.</param>
    /// <param name="comparer">When two words are the same; by their characters unless it says otherwise.</param>
    public string? OneOf(string name, IReadOnlyCollection<string> words, StringComparer? comparer = null)
    {
        notes?.Query(name, ParameterForm.OneOf(words));
        return Raw(name) is not { } text ? null
            : words.FirstOrDefault(word => (comparer ?? StringComparer.Ordinal).Equals(word, text))
            ?? Refuse<string>(name, $"Must be one of: {string.Join(", ", words)}.");
    }

    /// <summary>A whole number, not negative; null where there is none.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="most">The largest that makes sense.</param>
    public long? Whole(string name, long most = long.MaxValue) =>
        Raw(name, ParameterForm.Whole) is not { } text ? null
        : ExactNumber.ReadWhole(text, 0, most) is { } number ? number
        : Refuse<long?>(name, "Must be a whole number.");

    /// <summary>A time, RFC 3339; null where there is none.</summary>
    /// <param name="name">The parameter.</param>
    public DateTimeOffset? Time(string name) =>
        Raw(name, ParameterForm.Time) is not { } text ? null
        : Rfc3339.TryParse(text, out var time) ? time
        : Refuse<DateTimeOffset?>(name, Rfc3339.Fault);

    /// <summary>A time, RFC 3339, or a day, which is its beginning in UTC; null where there is none.</summary>
    /// <param name="name">The parameter.</param>
    public DateTimeOffset? DayOrTime(string name) =>
        Raw(name, ParameterForm.DayOrTime) is { } text && DateOnly.TryParseExact(text, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero)
            : Time(name);

    /// <summary>Notes that a parameter is not as it must be.</summary>
    /// <typeparam name="T">What it would have been.</typeparam>
    /// <param name="name">The parameter.</param>
    /// <param name="message">What it must be.</param>
    /// <returns>Nothing of use: the request is answered with the error.</returns>
    public T? Refuse<T>(string name, string message)
    {
        (errors ??= [])[name] = [message];
        return default;
    }

    private static bool IsPageSize(int limit) => limit is >= 1 and <= PageRules.Most;

    private bool IsRefused(string name) => errors?.ContainsKey(name) == true;

    private string? AfterText() => Raw(AfterName, ParameterForm.Cursor);

    private string? Raw(string name, ParameterForm form)
    {
        notes?.Query(name, form);
        return Raw(name);
    }

    private string? Raw(string name) => request.Query.TryGetValue(name, out var values) ? values.ToString() : null;
}
