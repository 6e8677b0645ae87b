using System.Text.Json;
using FluentValidation.Results;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Application;

/// <summary>The errors of the pipeline.</summary>
public static class RequestErrors
{
    /// <summary>Other writers kept changing the same aggregate.</summary>
    public static Error Contended { get; } = new(
        ErrorKind.Conflict,
        "concurrent-change",
        "Changed by another request",
        "Other requests kept changing the same resource at the same time. Send the request again.");

    /// <summary>The idempotency key has been used for another request.</summary>
    public static Error KeyReused { get; } = new(
        ErrorKind.Unprocessable,
        "idempotency-key-reused",
        "Idempotency key used for another request",
        "The idempotency key has been used for a different request. Use a new key for a new request.");

    /// <summary>A request with the same key is running.</summary>
    public static Error KeyInUse { get; } = new(
        ErrorKind.Conflict,
        "idempotency-key-in-use",
        "A request with this idempotency key is running",
        "A request with this idempotency key is still running. Try again in a moment.")
    {
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    /// <summary>The version that the client expects is not the current one.</summary>
    /// <param name="expected">The version that the client expects.</param>
    public static Error Stale(long expected) => new(
        ErrorKind.Stale,
        "stale-version",
        "Not the current version",
        $"The request expects version {expected}, which is not the current one. Read the resource again.");

    /// <summary>Some fields are invalid.</summary>
    /// <param name="fields">The messages by JSON path.</param>
    public static Error Invalid(IReadOnlyDictionary<string, string[]> fields) => Error.Invalid(fields);

    internal static Error Invalid(IEnumerable<ValidationFailure> failures) => Invalid(
        failures.GroupBy(failure => JsonPath(failure.PropertyName), failure => failure.ErrorMessage)
            .ToDictionary(group => group.Key, group => group.Distinct().ToArray()));

    // Items[0].UnitPrice becomes items[0].unitPrice.
    private static string JsonPath(string propertyPath) =>
        string.Join('.', propertyPath.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));
}
