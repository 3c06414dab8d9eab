package dev.scopedcontext.servlet;

import jakarta.servlet.ServletRequest;

/** A layer of a request that reports when the request becomes asynchronous. */
interface RequestLayer extends ServletRequest {
}
